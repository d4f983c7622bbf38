import type { HostCallOutcome, HostCallRequest } from "../core/cell.js";
import { type BeginCommand, type BootCommand, type CapturedMessage, type ExecuteCommand, FromChild, MAX_CELL_REQUEST_BYTES, MAX_REQUEST_BYTES, type PreludeModule, splitHead, ToChild, withHead } from "./child/protocol.js";
import { type PartHeader, readPartHeader } from "../snapshot/part-header.js";
import { CallOrder, phaseAfter } from "./call-order.js";
import { hashOf } from "./child/request-hash.js";
import { isHostCallRequest } from "./child/request-guard.js";
import type { Expectation, Frame } from "./frame-parser.js";
import { isCellResult, isCapturedMessage, isFailedMessage, isSuspendedHead, isVariableList } from "./message-guards.js";
import type { SandboxProcess } from "./sandbox-process.js";
import { type CellRun, type FinishedStep, type OnCaptured, type RestoreRequest, type Session, SessionDiedError, SetupFailedError, type SessionInput, type SessionStart, type SnapshotPart, type StartedStep, type SuspendedStep } from "./session.js";
import type { SandboxSessionOptions } from "./sandbox-session-options.js";
import { areBounded, SuspensionCheck } from "./suspension-check.js";
import { CAPTURE_TIMEOUT_MS, LOAD_TIMEOUT_MS, MAX_HEAD_BYTES, MAX_RESULT_BYTES, SMALL, START_TIMEOUT_MS } from "./session-limits.js";
import { json, parse, timingsOf, type WrittenPart } from "./session-messages.js";

/** One session in a sandbox process: the `Session` port over frames. */
export class SandboxSession implements Session {
  readonly #options: SandboxSessionOptions;
  readonly #process: SandboxProcess;
  readonly #order: CallOrder;
  readonly #inputs: SessionInput[] = [];
  /** What is left of the running cell's time, counted here for code that never looks at its own clock. */
  #cellMsLeft = 0;
  #suspensions = new SuspensionCheck(0, 0);
  /** Length of the chain that the state consists of. */
  #parts = 0;

  constructor(options: SandboxSessionOptions) {
    this.#options = options;
    this.#process = options.process;
    this.#order = new CallOrder(() => this.#process.isDead, "new");
  }

  get pid(): number {
    return this.#process.pid;
  }

  get isDead(): boolean {
    return this.#process.isDead;
  }

  get exited(): Promise<string> {
    return this.#process.exited;
  }

  /** Boots from nothing and captures: for a base image. */
  async boot(prelude: readonly PreludeModule[], wheels: readonly Pick<SessionInput, "digest" | "path">[]): Promise<SnapshotPart> {
    return this.#order.during("new", async () => {
      for (const wheel of wheels) this.#options.directory.addInput(wheel);
      const command: BootCommand = { prelude, wheels: wheels.map(({ digest }) => digest) };
      this.#process.send(ToChild.boot, json(command));
      return (await this.#nextPart(await this.#captured(START_TIMEOUT_MS))).part;
    });
  }

  async restore({ parts, inputs }: RestoreRequest): Promise<void> {
    await this.#order.during("new", async () => {
      this.#take(inputs);
      this.#process.send(ToChild.restore, withHead({ partBytes: parts.map(({ length }) => length) }), ...parts);
      await this.#next({ [FromChild.ready]: 0 }, LOAD_TIMEOUT_MS);
      this.#parts = parts.length;
    });
  }

  async start({ config, inputs }: SessionStart): Promise<StartedStep> {
    return this.#order.during("idle", async () => {
      this.#take(inputs);
      const command: BeginCommand = { config, inputs: inputs.map(({ name, kind, digest }) => ({ name, kind, digest })) };
      this.#process.send(ToChild.begin, json(command));
      const { payload } = await this.#next({ [FromChild.variables]: MAX_RESULT_BYTES }, LOAD_TIMEOUT_MS);
      const variables = this.#checked(() => parse(payload), isVariableList, "variable list");
      const { part: snapshot, timings } = await this.#nextPart(await this.#captured(CAPTURE_TIMEOUT_MS));
      return { variables, snapshot, timings };
    });
  }

  async exec(run: CellRun, onCaptured?: OnCaptured): Promise<SuspendedStep | FinishedStep> {
    return this.#order.during("idle", async () => {
      const { code, budget, history = { turns: [], complete: false }, journal, cellTimeoutMs, tailReads = [], requestBytesLeft = MAX_CELL_REQUEST_BYTES, memoryLimitBytes = null } = run;
      const command: ExecuteCommand = { code, budget, history, journal, tailReads, cellTimeoutMs, requestBytesLeft, memoryLimitBytes };
      this.#cellMsLeft = cellTimeoutMs;
      this.#suspensions = new SuspensionCheck(journal.length, requestBytesLeft);
      this.#process.send(ToChild.execute, json(command));
      return this.#step(onCaptured);
    }, phaseAfter);
  }

  async resume(outcome: HostCallOutcome, onCaptured?: OnCaptured): Promise<SuspendedStep | FinishedStep> {
    return this.#order.during("suspended", async () => {
      this.#process.send(ToChild.outcome, json(outcome));
      return this.#step(onCaptured);
    }, phaseAfter);
  }

  interrupt(): void {
    if (this.#order.phase === "busy" || this.#order.phase === "suspended") this.#options.directory.interrupted = true;
  }

  async snapshot(): Promise<SnapshotPart> {
    return this.#order.during("idle", async () => {
      this.#process.send(ToChild.image);
      return (await this.#part(await this.#captured(CAPTURE_TIMEOUT_MS))).part;
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
  async #step(onCaptured: OnCaptured | undefined): Promise<SuspendedStep | FinishedStep> {
    const startedMs = performance.now();
    const expected = { [FromChild.suspended]: MAX_REQUEST_BYTES + MAX_HEAD_BYTES, [FromChild.cell]: MAX_RESULT_BYTES };
    const frame = await this.#next(expected, Math.max(0, this.#cellMsLeft) + this.#options.graceMs);
    this.#cellMsLeft -= performance.now() - startedMs;
    if (frame.type === FromChild.suspended) return this.#suspended(frame.payload);
    this.#options.directory.interrupted = false;
    const result = this.#checked(() => parse(frame.payload), isCellResult, "cell result");
    const captured = await this.#captured(CAPTURE_TIMEOUT_MS);
    const { divergedAtSeq, tailReads, pagesToWrite } = captured;
    onCaptured?.({ result, divergedAtSeq, tailReads, pagesToWrite, timings: timingsOf(captured, 0) });
    const { part: snapshot, timings } = await this.#nextPart(captured);
    return { status: "finished", result, snapshot, divergedAtSeq, tailReads, timings };
  }

  #suspended(payload: Uint8Array): SuspendedStep {
    const { head, body } = this.#checked(() => splitHead(payload), (value): value is ReturnType<typeof splitHead> => value !== null, "suspension");
    const { seq, reads, divergedAtSeq } = this.#checked(() => head, isSuspendedHead, "suspension");
    const isInOrder = (value: unknown): value is HostCallRequest => isHostCallRequest(value) && this.#suspensions.accepts({ seq, reads, divergedAtSeq }, body.length, value.calls.length);
    const request = this.#checked(() => parse(body), isInOrder, "host call");
    return { status: "suspended", seq, request, requestHash: hashOf(body), reads, divergedAtSeq };
  }

  async #captured(timeoutMs: number): Promise<CapturedMessage> {
    const frame = await this.#next({ [FromChild.captured]: MAX_HEAD_BYTES }, timeoutMs);
    const isPossible = (value: unknown): value is CapturedMessage => isCapturedMessage(value) && value.keptParts <= this.#parts && areBounded(value.tailReads);
    return this.#checked(() => parse(frame.payload), isPossible, "report");
  }

  /** The part that was announced; it is the newest of the chain now. */
  async #nextPart(captured: CapturedMessage): Promise<WrittenPart> {
    const result = await this.#part(captured);
    this.#parts = captured.keptParts + 1;
    return result;
  }

  async #part(captured: CapturedMessage): Promise<WrittenPart> {
    const startedMs = performance.now();
    const limit = this.#options.memoryLimitBytes + 64 * 2 ** 20;
    const { payload: bytes } = await this.#next({ [FromChild.snapshot]: limit }, CAPTURE_TIMEOUT_MS);
    this.#checked(() => readPartHeader(bytes), (header): header is PartHeader => header !== null, "snapshot");
    return { part: { bytes, keptParts: captured.keptParts }, timings: timingsOf(captured, performance.now() - startedMs) };
  }

  async #next(expected: Expectation, timeoutMs: number): Promise<Frame> {
    const frame = await this.#process.next({ ...expected, [FromChild.failed]: SMALL }, timeoutMs);
    if (frame.type !== FromChild.failed) return frame;
    const { reason, message } = this.#checked(() => parse(frame.payload), isFailedMessage, "error");
    if (reason === "setup_failed") {
      this.#died(new SessionDiedError("The setup failed.", "exited"));
      throw new SetupFailedError(message);
    }
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
