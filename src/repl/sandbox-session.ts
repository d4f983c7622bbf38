import type { HostCallOutcome } from "../core/cell.js";
import { type BeginCommand, type DoneMessage, type ExecuteCommand, FromChild, MAX_REQUEST_BYTES, type PreludeModule, splitHead, ToChild, withHead } from "./child/protocol.js";
import { CallOrder, type Phase } from "./call-order.js";
import { hashOf } from "./child/request-hash.js";
import { isHostCallRequest } from "./child/request-guard.js";
import type { Expectation, Frame } from "./frame-parser.js";
import { isCellResult, isDoneMessage, isFailedMessage, isSuspendedHead, isVariableList } from "./message-guards.js";
import type { SandboxProcess } from "./sandbox-process.js";
import { type CellRun, type CellTimings, type FinishedStep, type RestoreRequest, type Session, SessionDiedError, type SessionInput, type SessionStart, type SnapshotPart, type StartedStep, type SuspendedStep } from "./session.js";
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
  /** Starts another session; a fork is one. */
  readonly reopen: (request: RestoreRequest) => Promise<Session>;
}

/** One session in a sandbox process: the `Session` port over frames. */
export class SandboxSession implements Session {
  readonly #options: SandboxSessionOptions;
  readonly #process: SandboxProcess;
  readonly #order: CallOrder;
  readonly #inputs: SessionInput[] = [];
  /** What is left of the running cell's time, counted here for code that never looks at its own clock. */
  #cellMsLeft = 0;

  constructor(options: SandboxSessionOptions) {
    this.#options = options;
    this.#process = options.process;
    this.#order = new CallOrder(() => this.#process.isDead, "new");
  }

  get pid(): number {
    return this.#process.pid;
  }

  get exited(): Promise<string> {
    return this.#process.exited;
  }

  /** Boots from nothing and captures: for a base image. */
  async boot(prelude: readonly PreludeModule[]): Promise<SnapshotPart> {
    return this.#order.during("new", async () => {
      this.#process.send(ToChild.boot, json({ prelude }));
      return (await this.#captured(START_TIMEOUT_MS)).part;
    });
  }

  async restore({ parts, inputs }: RestoreRequest): Promise<void> {
    await this.#order.during("new", async () => {
      this.#take(inputs);
      this.#process.send(ToChild.restore, withHead({ partBytes: parts.map(({ length }) => length) }), ...parts);
      await this.#next({ [FromChild.ready]: 0 }, LOAD_TIMEOUT_MS);
    });
  }

  async start({ config, inputs }: SessionStart): Promise<StartedStep> {
    return this.#order.during("idle", async () => {
      this.#take(inputs);
      const command: BeginCommand = { config, inputs: inputs.map(({ name, kind, digest }) => ({ name, kind, digest })) };
      this.#process.send(ToChild.begin, json(command));
      const { payload } = await this.#next({ [FromChild.variables]: MAX_RESULT_BYTES }, LOAD_TIMEOUT_MS);
      const variables = this.#checked(() => parse(payload), isVariableList, "variable list");
      const { part, done } = await this.#captured(CAPTURE_TIMEOUT_MS);
      return { variables, snapshot: part, timings: timingsOf(done) };
    });
  }

  async exec(run: CellRun): Promise<SuspendedStep | FinishedStep> {
    return this.#order.during("idle", async () => {
      const { code, budget, journal, cellTimeoutMs, memoryLimitBytes = null, rebase = false } = run;
      const command: ExecuteCommand = { code, budget, journal, cellTimeoutMs, memoryLimitBytes, rebase };
      this.#cellMsLeft = cellTimeoutMs;
      this.#process.send(ToChild.execute, json(command));
      return this.#step();
    }, phaseAfter);
  }

  async resume(outcome: HostCallOutcome): Promise<SuspendedStep | FinishedStep> {
    return this.#order.during("suspended", async () => {
      this.#process.send(ToChild.outcome, json(outcome));
      return this.#step();
    }, phaseAfter);
  }

  interrupt(): void {
    if (this.#order.phase === "busy" || this.#order.phase === "suspended") this.#options.directory.interrupted = true;
  }

  async snapshot(): Promise<SnapshotPart> {
    return this.#order.during("idle", async () => {
      this.#process.send(ToChild.image);
      return (await this.#captured(CAPTURE_TIMEOUT_MS)).part;
    });
  }

  async fork(): Promise<Session> {
    const { bytes } = await this.snapshot();
    return this.#options.reopen({ parts: [bytes], inputs: this.#inputs });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.die(new SessionDiedError("The session was disposed of.", "killed"));
    await this.exited;
    this.#options.directory.remove();
  }

  /** Links the inputs into the session's own directory, where a fork finds them too. */
  #take(inputs: readonly SessionInput[]): void {
    for (const input of inputs) {
      this.#options.directory.addInput(input);
      this.#inputs.push({ ...input, path: this.#options.directory.inputPath(input.digest) });
    }
  }

  /** Until the next suspension or the cell's end. */
  async #step(): Promise<SuspendedStep | FinishedStep> {
    const startedMs = performance.now();
    const expected = { [FromChild.suspended]: MAX_REQUEST_BYTES + MAX_HEAD_BYTES, [FromChild.cell]: MAX_RESULT_BYTES };
    const frame = await this.#next(expected, Math.max(0, this.#cellMsLeft) + this.#options.graceMs);
    this.#cellMsLeft -= performance.now() - startedMs;
    if (frame.type === FromChild.suspended) return this.#suspended(frame.payload);
    this.#options.directory.interrupted = false;
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
}

function phaseAfter({ status }: SuspendedStep | FinishedStep): Phase {
  return status === "suspended" ? "suspended" : "idle";
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
