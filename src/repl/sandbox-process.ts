import { type ChildProcess, spawn } from "node:child_process";
import { FRAME_HEADER_BYTES, type ToChildType } from "./child/protocol.js";
import { readChildPid } from "./child-pid.js";
import { describeExit } from "./describe-exit.js";
import { type Expectation, type Frame, FrameParser } from "./frame-parser.js";
import type { Command } from "./sandbox-command.js";
import { SessionDiedError } from "./session.js";
import { StderrTail } from "./stderr-tail.js";
import { killWithHost } from "./kill-with-host.js";

/** A sandbox has nothing to say there, but for the last words of a crash. One that floods it would keep the host busy reading. */
const MAX_STDERR_BYTES = 2 ** 20;

/** Copied together and written at once. */
const SMALL_FRAME_BYTES = 16_384;

/** After this long bubblewrap is killed too, and takes along whatever is left inside. */
const BURIAL_MS = 2_000;

/**
 * A child process that talks in frames, strictly in turns: it may send only while the host waits, and only what the host expects.
 * Anything else, and it is killed. Once dead, every call rejects with the same `SessionDiedError`.
 */
export class SandboxProcess {
  readonly exited: Promise<string>;
  readonly #child: ChildProcess;
  #innerPid: number | null = null;
  readonly #stderr = new StderrTail();
  #death: SessionDiedError | null = null;
  readonly #parser = new FrameParser();
  #waiting: { expected: Expectation; resolve: (frame: Frame) => void; reject: (error: SessionDiedError) => void } | null = null;

  /** @throws {Error} the program could not be started at all (`SandboxUnavailableError` is for the caller to say). */
  static async start(command: Command): Promise<SandboxProcess> {
    const reports = command.reportsChildPid === true;
    const child = spawn(command.file, [...command.args], { env: { ...command.env }, stdio: ["pipe", "pipe", "pipe", ...(reports ? (["pipe"] as const) : [])], cwd: "/" });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    const started = new SandboxProcess(child, reports);
    if (reports) started.#innerPid = await readChildPid(child);
    return started;
  }

  private constructor(child: ChildProcess, walled: boolean) {
    this.#child = child;
    killWithHost(child);
    child.stdout?.on("data", (chunk: Buffer) => {
      this.#parser.add(chunk);
      this.#deliver();
    });
    child.stderr?.on("data", (chunk: Buffer) => this.#hear(chunk));
    // A write to a dead child fails here; its exit is reported below.
    child.stdin?.on("error", () => {});
    this.exited = new Promise((resolve) => {
      child.once("close", (code, signal) => {
        this.die(this.#exitError(describeExit(code, signal, walled)));
        resolve(this.#death?.message ?? "");
      });
    });
  }

  /** Of the process that runs the interpreter, also when the program that was started only walls it in: what memory is counted of. */
  get pid(): number {
    return this.#innerPid ?? this.#child.pid ?? -1;
  }

  get isDead(): boolean {
    return this.#death !== null;
  }

  send(type: ToChildType, ...pieces: readonly Uint8Array[]): void {
    const header = Buffer.allocUnsafe(FRAME_HEADER_BYTES);
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    header.writeUInt32LE(bytes, 0);
    header.writeUInt8(type, 4);
    if (bytes <= SMALL_FRAME_BYTES) return void this.#child.stdin?.write(Buffer.concat([header, ...pieces]));
    this.#child.stdin?.cork();
    for (const piece of [header, ...pieces]) this.#child.stdin?.write(piece);
    this.#child.stdin?.uncork();
  }

  /** The next frame, one of `expected`. @throws {SessionDiedError} the process died, or did something else, or took longer than `timeoutMs`. */
  async next(expected: Expectation, timeoutMs: number): Promise<Frame> {
    if (this.#death !== null) throw this.#death;
    const timer = setTimeout(() => {
      this.die(new SessionDiedError(`The sandbox did not answer within ${Math.round(timeoutMs)} ms and was killed. The session is rebuilt from its last snapshot.`, "timeout"));
    }, timeoutMs);
    try {
      return await new Promise<Frame>((resolve, reject) => {
        this.#waiting = { expected, resolve, reject };
        this.#deliver();
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Kills the process, if it lives; waiting and later calls reject with `error`. The first death counts. */
  die(error: SessionDiedError): void {
    this.#death ??= error;
    this.#kill();
    // The end of a paused stream would never be seen, nor the process's.
    this.#child.stdout?.resume();
    this.#waiting?.reject(this.#death);
    this.#waiting = null;
  }

  #deliver(): void {
    const waiting = this.#waiting;
    // Read only while a frame is awaited: what a child sends unasked stays in the pipe, and the child blocks.
    if (waiting === null) return void this.#child.stdout?.pause();
    try {
      const frame = this.#parser.read(waiting.expected);
      if (frame === null) return void this.#child.stdout?.resume();
      this.#waiting = null;
      waiting.resolve(frame);
    } catch (cause) {
      this.die(new SessionDiedError(`The sandbox broke the protocol: ${(cause as Error).message}. It was killed; the session is rebuilt from its last snapshot.`, "protocol", { cause }));
    }
  }

  /** The process inside first: bubblewrap then buries it and ends by itself, and nothing is left for an init process to reap. */
  #kill(): void {
    if (this.#innerPid === null || this.#child.exitCode !== null || this.#child.signalCode !== null) return void this.#child.kill("SIGKILL");
    try {
      process.kill(this.#innerPid, "SIGKILL");
    } catch {
      // It is gone.
    }
    setTimeout(() => this.#child.kill("SIGKILL"), BURIAL_MS).unref();
  }

  #hear(chunk: Buffer): void {
    this.#stderr.add(chunk);
    if (this.#stderr.bytes <= MAX_STDERR_BYTES) return;
    this.#child.stderr?.destroy();
    this.die(new SessionDiedError(`The sandbox wrote more than ${MAX_STDERR_BYTES} bytes to its error stream and was killed. The session is rebuilt from its last snapshot.`, "protocol"));
  }

  #exitError({ how, reason }: ReturnType<typeof describeExit>): SessionDiedError {
    const said = this.#stderr.text === "" ? "" : ` Its last words: ${this.#stderr.text}`;
    return new SessionDiedError(`The sandbox process ${this.pid} ${how}. The session is rebuilt from its last snapshot.${said}`, reason);
  }
}
