import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { lastLogLine } from "./log-file.js";
import { childEnd, endChild, sweepGroup } from "./process/end-child.js";
import { restartDelayMs } from "./restart-delay.js";

export interface SupervisedProcessOptions {
  readonly name: string;
  /** Starts one. Contract: the child leads a process group of its own; a throw counts as a failed start. */
  spawn(): Promise<ChildProcess>;
  /** Resolves when the child serves. `signal` is aborted, with the reason, when it ends before. */
  untilReady(child: ChildProcess, signal: AbortSignal): Promise<void>;
  /** From SIGTERM to SIGKILL when it is stopped. */
  readonly graceMs: number;
  /** Starts that may fail in a row before `start` gives up. Once it has been ready it is never given up. */
  readonly maxFailedStarts: number;
  readonly log: (line: string) => void;
  /** Where its output goes: the last line is quoted when it is given up. */
  readonly logFile: string;
}

/** Lived this long after it was ready: its end is a new event, not part of a crash loop, and the back-off begins anew. */
const HEALTHY_AFTER_MS = 2_000;

/**
 * Keeps one child process running.
 *
 * States: `down` (also between tries) -> `starting` -> `ready` -> `down`. A child's end outside `stop` and `restart`
 * leads to another start after a back-off; `stopping` is final.
 */
export class SupervisedProcess {
  #child: ChildProcess | null = null;
  #ready = false;
  #everReady = false;
  #stopping = false;
  #failuresInARow = 0;
  #starts = 0;
  #wake = new AbortController();
  #loop: Promise<void> | null = null;
  #waiters: { resolve: () => void; reject: (error: Error) => void }[] = [];

  constructor(private readonly options: SupervisedProcessOptions) {}

  /** Pid of the running child, or null. */
  get pid(): number | null { return this.#child?.pid ?? null; }
  get ready(): boolean { return this.#ready; }
  /** How often it was started again, whoever wanted it. */
  get restarts(): number { return Math.max(0, this.#starts - 1); }

  /** Starts it; resolves when it is ready for the first time, rejects when `maxFailedStarts` starts in a row have failed. */
  start(): Promise<void> {
    this.#loop ??= this.#run();
    return this.#untilReady();
  }

  /** Ends the child in order and starts the next at once; resolves when that one is ready. */
  async restart(): Promise<void> {
    const child = this.#child;
    this.#ready = false;
    this.#failuresInARow = 0;
    const ready = this.#untilReady();
    if (child === null) this.#wake.abort();
    else { expectedEnds.add(child); await endChild(child, this.options.graceMs); }
    return ready;
  }

  /** Ends it for good; resolves when no process is left. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake.abort();
    if (this.#child !== null) await endChild(this.#child, this.options.graceMs);
    await this.#loop;
    this.#settle(new Error(`The ${this.options.name} was stopped.`));
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      const reason = await this.#runOnce();
      if (this.#stopping || reason === null) continue;
      this.#failuresInARow++;
      if (!this.#everReady && this.#failuresInARow >= this.options.maxFailedStarts) return this.#settle(this.#gaveUp(reason));
      const delayMs = restartDelayMs(this.#failuresInARow);
      this.options.log(`${reason.message} Starting it again in ${delayMs} ms.`);
      this.#wake = new AbortController();
      await delay(delayMs, undefined, { signal: this.#wake.signal }).catch(() => {});
    }
  }

  /** One life of the child. Null when its end was wanted, else why it ended. */
  async #runOnce(): Promise<Error | null> {
    const { name } = this.options;
    this.#starts++;
    let child: ChildProcess;
    try {
      child = await this.options.spawn();
    } catch (error) {
      return new Error(`The ${name} could not be started: ${(error as Error).message}.`, { cause: error });
    }
    this.#child = child;
    if (this.#stopping) child.kill("SIGTERM");
    const ended = new AbortController();
    child.once("error", (error) => ended.abort(new Error(`The ${name} could not be started: ${error.message}.`)));
    child.once("exit", (code, signal) => ended.abort(new Error(`The ${name} ended (${signal === null ? `exit code ${code}` : signal}).`)));
    let reason: Error | null = null;
    try {
      await this.options.untilReady(child, ended.signal);
      const readyAtMs = Date.now();
      this.#becomeReady();
      await childEnd(child);
      if (Date.now() - readyAtMs >= HEALTHY_AFTER_MS) this.#failuresInARow = 0;
    } catch (error) {
      reason = error as Error;
      await endChild(child, this.options.graceMs);
    }
    sweepGroup(child);
    this.#ready = false;
    this.#child = null;
    return expectedEnds.has(child) ? null : ended.signal.aborted ? (ended.signal.reason as Error) : reason;
  }

  #gaveUp(reason: Error): Error {
    const { name, logFile } = this.options;
    const said = lastLogLine(logFile);
    return new Error(`the ${name} failed ${this.#failuresInARow} times in a row. ${reason.message}${said && ` It last said: ${said}`}`, { cause: reason });
  }

  #becomeReady(): void {
    this.#ready = true;
    this.#everReady = true;
    this.#settle(null);
  }

  #untilReady(): Promise<void> {
    if (this.#ready) return Promise.resolve();
    return new Promise((resolve, reject) => { this.#waiters.push({ resolve, reject }); });
  }

  #settle(error: Error | null): void {
    for (const waiter of this.#waiters.splice(0)) {
      if (error === null) waiter.resolve();
      else waiter.reject(error);
    }
  }
}

/** Children whose end was asked for by `restart`. */
const expectedEnds = new WeakSet<ChildProcess>();
