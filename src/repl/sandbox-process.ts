import { type ChildProcess, spawn } from "node:child_process";
import { FRAME_HEADER_BYTES, type ToChildType } from "./child/protocol.js";
import { type Expectation, type Frame, FrameParser } from "./frame-parser.js";
import type { Command } from "./sandbox-command.js";
import { SessionDiedError } from "./session.js";
import { StderrTail } from "./stderr-tail.js";
import { killWithHost } from "./kill-with-host.js";

/**
 * A child process that talks in frames, strictly in turns: it may send only while the host waits, and only what the host expects.
 * Anything else, and it is killed. Once dead, every call rejects with the same `SessionDiedError`.
 */
export class SandboxProcess {
  readonly pid: number;
  readonly exited: Promise<string>;
  readonly #child: ChildProcess;
  readonly #stderr = new StderrTail();
  #death: SessionDiedError | null = null;
  readonly #parser = new FrameParser();
  #waiting: { expected: Expectation; resolve: (frame: Frame) => void; reject: (error: SessionDiedError) => void } | null = null;

  /** @throws {Error} the program could not be started at all (`SandboxUnavailableError` is for the caller to say). */
  static async start(command: Command): Promise<SandboxProcess> {
    const child = spawn(command.file, [...command.args], { env: { ...command.env }, stdio: ["pipe", "pipe", "pipe"], cwd: "/" });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    return new SandboxProcess(child);
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.pid = child.pid ?? -1;
    killWithHost(child);
    child.stdout?.on("data", (chunk: Buffer) => {
      this.#parser.add(chunk);
      this.#deliver();
    });
    child.stderr?.on("data", (chunk: Buffer) => this.#stderr.add(chunk));
    // A write to a dead child fails here; its exit is reported below.
    child.stdin?.on("error", () => {});
    this.exited = new Promise((resolve) => {
      child.once("close", (code, signal) => {
        this.die(this.#exitError(code, signal));
        resolve(this.#death?.message ?? "");
      });
    });
  }

  get isDead(): boolean {
    return this.#death !== null;
  }

  send(type: ToChildType, ...pieces: readonly Uint8Array[]): void {
    const header = Buffer.alloc(FRAME_HEADER_BYTES);
    header.writeUInt32LE(pieces.reduce((sum, { length }) => sum + length, 0), 0);
    header.writeUInt8(type, 4);
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
    this.#child.kill("SIGKILL");
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

  #exitError(code: number | null, signal: NodeJS.Signals | null): SessionDiedError {
    const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
    const said = this.#stderr.text === "" ? "" : ` Its last words: ${this.#stderr.text}`;
    return new SessionDiedError(`The sandbox process ${this.pid} ${how}. The session is rebuilt from its last snapshot.${said}`, signal === null ? "exited" : "killed");
  }
}
