import { readFileSync } from "node:fs";
import type { HostCallOutcome } from "../../core/cell.js";
import { CallOrder, type Phase } from "../../repl/call-order.js";
import type { RestoreRequest, CellRun, FinishedStep, OnCaptured, Session, SessionStart, SnapshotPart, StartedStep, SuspendedStep } from "../../repl/session.js";
import { SessionDiedError } from "../../repl/session.js";
import { MemoryCell } from "./memory-cell.js";
import { MemoryImageWriter, restoreMemoryImage } from "./memory-image.js";
import type { MiniState } from "./mini-python.js";

const NO_TIMINGS = { cellMs: 0, captureMs: 0, compressMs: 0, heapBytes: 0, dirtyPages: 0 };

/** A `Session` without a process, for tests of what is around sessions: thousands cost nothing. Its Python is that of `runMiniCell`. */
export class MemorySession implements Session {
  readonly pid = 0;
  readonly exited: Promise<string>;
  readonly #state: MiniState;
  readonly #writer: MemoryImageWriter;
  readonly #order = new CallOrder(() => this.#death !== null, "idle");
  #cell: MemoryCell | null = null;
  #death: SessionDiedError | null = null;
  #exit: (why: string) => void = () => undefined;

  /** @throws {Error} the parts are no chain */
  constructor({ parts }: RestoreRequest) {
    const { state, lastPartId } = restoreMemoryImage(parts);
    this.#state = state;
    this.#writer = new MemoryImageWriter(lastPartId).continueFrom(state, parts.length);
    this.exited = new Promise((resolve) => {
      this.#exit = resolve;
    });
  }

  async start({ config, inputs }: SessionStart): Promise<StartedStep> {
    return this.#during("idle", async () => {
      Object.assign(this.#state, { outputNames: config.outputNames, seed: config.seed });
      for (const { name, path } of inputs) this.#state.variables[name] = readFileSync(path, "utf8");
      const variables = inputs.map(({ name }) => ({ name, type: "str", length: String(this.#state.variables[name]).length, preview: String(this.#state.variables[name]).slice(0, 500) }));
      return { variables, snapshot: this.#writer.write(this.#state), timings: NO_TIMINGS };
    });
  }

  async exec(run: CellRun, onCaptured?: OnCaptured): Promise<SuspendedStep | FinishedStep> {
    return this.#during("idle", () => {
      this.#cell = new MemoryCell(this.#state, run);
      return this.#step(this.#cell, null, onCaptured);
    }, phaseAfter);
  }

  async resume(outcome: HostCallOutcome, onCaptured?: OnCaptured): Promise<SuspendedStep | FinishedStep> {
    return this.#during("suspended", () => {
      if (this.#cell === null) throw new Error("A suspended session has a cell.");
      return this.#step(this.#cell, outcome, onCaptured);
    }, phaseAfter);
  }

  interrupt(): void {
    this.#cell?.interrupt();
  }

  async snapshot(): Promise<SnapshotPart> {
    return this.#during("idle", async () => this.#writer.write(this.#state, { aside: true }));
  }

  async fork(): Promise<Session> {
    const { bytes } = await this.snapshot();
    return new MemorySession({ parts: [bytes], inputs: [] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#death ??= new SessionDiedError("The session was disposed of.", "killed");
    this.#cell?.kill(this.#death);
    this.#exit(this.#death.message);
  }

  async #step(cell: MemoryCell, outcome: HostCallOutcome | null, onCaptured: OnCaptured | undefined): Promise<SuspendedStep | FinishedStep> {
    const stop = await cell.advance(outcome);
    if (stop.status === "suspended") return stop;
    this.#cell = null;
    onCaptured?.({ ...stop, pagesToWrite: 1, timings: NO_TIMINGS });
    const snapshot = this.#writer.write(this.#state);
    return { ...stop, snapshot, timings: NO_TIMINGS };
  }

  #during<T>(phase: Phase, run: () => Promise<T>, after?: (result: T) => Phase): Promise<T> {
    return this.#order.during(phase, async () => {
      if (this.#death !== null) throw this.#death;
      return run();
    }, after);
  }
}

function phaseAfter({ status }: SuspendedStep | FinishedStep): Phase {
  return status === "suspended" ? "suspended" : "idle";
}
