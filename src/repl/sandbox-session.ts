import type { HostCallOutcome, VariableDescription } from "../core/cell.js";
import { type BeginCommand, type DoneMessage, type ExecuteCommand, FromChild, MAX_REQUEST_BYTES, type PreludeModule, splitHead, ToChild, withHead } from "./child/protocol.js";
import { hashOf } from "./child/request-hash.js";
import { isHostCallRequest } from "./child/request-guard.js";
import type { Expectation, Frame } from "./frame-parser.js";
import { isCellResult, isDoneMessage, isFailedMessage, isSuspendedHead, isVariableList } from "./message-guards.js";
import type { SandboxProcess } from "./sandbox-process.js";
import { type CellRun, type CellTimings, type FinishedStep, type RestoreRequest, type Session, type SessionConfig, SessionDiedError, type SessionInput, type SnapshotPart, type SuspendedStep } from "./session.js";
import type { SessionDirectory } from "./session-directory.js";

/** Bounds of everything but the cell itself; generous, because a large heap is compressed in one go. */
const START_TIMEOUT_MS = 120_000;
const CAPTURE_TIMEOUT_MS = 120_000;
const LOAD_TIMEOUT_MS = 600_000;

const SMALL = 64 * 1024;
/** A result's texts are bounded by the prelude; what is submitted is not, but it must be stored as JSON. */
const MAX_RESULT_BYTES = 64 * 2 ** 20;
/** Head of a suspension: 20,000 reads of at most 64 characters. */
const MAX_HEAD_BYTES = 4 * 2 ** 20;

export interface SandboxSessionOptions {
  readonly process: SandboxProcess;
  readonly directory: SessionDirectory;
  readonly memoryLimitBytes: number;
  /** How long after a cell's timeout the interpreter may take to stop by itself. */
  readonly graceMs: number;
}

type Phase = "new" | "idle" | "busy" | "suspended" | "dead";

/** One session in a sandbox process: the `Session` port over frames. */
export class SandboxSession implements Session {
  readonly #options: SandboxSessionOptions;
  readonly #process: SandboxProcess;
  #phase: Phase = "new";
  /** What is left of the running cell's time, counted here for code that never looks at its own clock. */
  #cellMsLeft = 0;

  constructor(options: SandboxSessionOptions) {
    this.#options = options;
    this.#process = options.process;
    void this.exited.then(() => {
      this.#phase = "dead";
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  get exited(): Promise<string> {
    return this.#process.exited;
  }

  /** Boots from nothing and captures: for a base image. */
  async boot(prelude: readonly PreludeModule[]): Promise<SnapshotPart> {
    return this.#exclusively("new", async () => {
      this.#process.send(ToChild.boot, json({ prelude }));
      return (await this.#captured(START_TIMEOUT_MS)).part;
    });
  }

  async restore({ parts, inputs }: RestoreRequest): Promise<void> {
    await this.#exclusively("new", async () => {
      for (const input of inputs) this.#options.directory.addInput(input);
      this.#process.send(ToChild.restore, withHead({ partBytes: parts.map(({ length }) => length) }), ...parts);
      await this.#next({ [FromChild.ready]: 0 }, LOAD_TIMEOUT_MS);
    });
  }

  async begin({ config, inputs }: { config: SessionConfig; inputs: readonly SessionInput[] }): Promise<{ variables: readonly VariableDescription[]; snapshot: SnapshotPart; timings: CellTimings }> {
    return this.#exclusively("idle", async () => {
      for (const input of inputs) this.#options.directory.addInput(input);
      const command: BeginCommand = { config, inputs: inputs.map(({ name, kind, digest }) => ({ name, kind, digest })) };
      this.#process.send(ToChild.begin, json(command));
      const { payload } = await this.#next({ [FromChild.variables]: MAX_RESULT_BYTES }, LOAD_TIMEOUT_MS);
      const variables = this.#checked(() => parse(payload), isVariableList, "variable list");
      const { part, done } = await this.#captured(CAPTURE_TIMEOUT_MS);
      return { variables, snapshot: part, timings: timingsOf(done) };
    });
  }

  async execute(run: CellRun): Promise<SuspendedStep | FinishedStep> {
    return this.#exclusively("idle", async () => {
      const { code, budget, journal, cellTimeoutMs, memoryLimitBytes = null, rebase = false } = run;
      const command: ExecuteCommand = { code, budget, journal, cellTimeoutMs, memoryLimitBytes, rebase };
      this.#cellMsLeft = cellTimeoutMs;
      this.#process.send(ToChild.execute, json(command));
      return this.#step();
    });
  }

  async resume(outcome: HostCallOutcome): Promise<SuspendedStep | FinishedStep> {
    return this.#exclusively("suspended", async () => {
      this.#process.send(ToChild.outcome, json(outcome));
      return this.#step();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.die(new SessionDiedError("The session was disposed of.", "killed"));
    await this.exited;
    this.#options.directory.remove();
  }

  /** Until the next suspension or the cell's end. */
  async #step(): Promise<SuspendedStep | FinishedStep> {
    const startedMs = performance.now();
    const expected = { [FromChild.suspended]: MAX_REQUEST_BYTES + MAX_HEAD_BYTES, [FromChild.cell]: MAX_RESULT_BYTES };
    const frame = await this.#next(expected, Math.max(0, this.#cellMsLeft) + this.#options.graceMs);
    this.#cellMsLeft -= performance.now() - startedMs;
    if (frame.type === FromChild.suspended) return this.#suspended(frame.payload);
    const result = this.#checked(() => parse(frame.payload), isCellResult, "cell result");
    const { part, done } = await this.#captured(CAPTURE_TIMEOUT_MS);
    return { status: "finished", result, snapshot: part, divergedAtSeq: done.divergedAtSeq, timings: timingsOf(done) };
  }

  #suspended(payload: Uint8Array): SuspendedStep {
    const { head, body } = this.#checked(() => splitHead(payload), (value): value is ReturnType<typeof splitHead> => value !== null, "suspension");
    const { seq, reads, divergedAtSeq } = this.#checked(() => head, isSuspendedHead, "suspension");
    const request = this.#checked(() => parse(body), isHostCallRequest, "host call");
    return { status: "suspended", seq, request, requestHash: hashOf(body), reads, divergedAtSeq };
  }

  async #captured(timeoutMs: number): Promise<{ part: SnapshotPart; done: DoneMessage }> {
    const limit = this.#options.memoryLimitBytes + 64 * 2 ** 20;
    const { payload: bytes } = await this.#next({ [FromChild.snapshot]: limit }, timeoutMs);
    const frame = await this.#next({ [FromChild.done]: SMALL }, timeoutMs);
    const done = this.#checked(() => parse(frame.payload), isDoneMessage, "report");
    return { part: { bytes, selfContained: done.selfContained }, done };
  }

  async #next(expected: Expectation, timeoutMs: number): Promise<Frame> {
    const frame = await this.#process.next({ ...expected, [FromChild.failed]: SMALL }, timeoutMs);
    if (frame.type !== FromChild.failed) return frame;
    const { reason, message } = this.#checked(() => parse(frame.payload), isFailedMessage, "error");
    throw this.#died(new SessionDiedError(reason === "snapshot_refused" ? message : `The interpreter failed: ${message}`, reason));
  }

  #checked<T>(read: () => unknown, guard: (value: unknown) => value is T, what: string): T {
    let value: unknown;
    try {
      value = read();
    } catch (cause) {
      throw this.#died(new SessionDiedError(`The sandbox sent a malformed ${what} and was killed. The session is rebuilt from its last snapshot.`, "protocol", { cause }));
    }
    if (guard(value)) return value;
    throw this.#died(new SessionDiedError(`The sandbox sent a ${what} of the wrong shape and was killed. The session is rebuilt from its last snapshot.`, "protocol"));
  }

  #died(error: SessionDiedError): SessionDiedError {
    this.#process.die(error);
    return error;
  }

  /** Holds the order of calls: a second call while one runs, or one out of place, is a bug of the caller. */
  async #exclusively<T>(phase: Phase, run: () => Promise<T>): Promise<T> {
    if (this.#phase !== phase && this.#phase !== "dead") throw new Error(`This call needs a session that is ${phase}; it is ${this.#phase}. Await each call before the next.`);
    this.#phase = "busy";
    let next: Phase = phase;
    try {
      const result = await run();
      next = isSuspension(result) ? "suspended" : "idle";
      return result;
    } finally {
      // An error that the process survived happened before anything was sent to it.
      this.#phase = this.#process.isDead ? "dead" : next;
    }
  }
}

function isSuspension(result: unknown): boolean {
  return typeof result === "object" && result !== null && "status" in result && result.status === "suspended";
}

function timingsOf({ cellMs, captureMs, heapBytes, dirtyPages }: DoneMessage): CellTimings {
  return { cellMs, captureMs, heapBytes, dirtyPages };
}

function json(message: object): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

function parse(payload: Uint8Array): unknown {
  return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8"));
}
