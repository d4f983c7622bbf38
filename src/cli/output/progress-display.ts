import type { RunProgress } from "../../core/run-progress.js";
import type { RunView } from "../../core/run-view.js";
import { describeProgress, describeState } from "./describe-progress.js";
import { terminalSafe } from "./terminal-safe.js";

/** Where progress goes; stderr in practice. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const REPAINT_MS = 200;

/** Progress on stderr: one repainting line on a terminal, a line per event otherwise. Dispose removes the line and the timer. */
export class ProgressDisplay implements Disposable {
  #painted = false;
  #state: (() => string) | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly output: ProgressOutput, private readonly quiet = false) {}

  /** A line that stays. */
  line(text: string): void {
    this.#erase();
    this.output.write(`${terminalSafe(text)}\n`);
    this.#paint();
  }

  /** A step of the start, before there is a run. */
  step(text: string): void {
    if (this.quiet) return;
    if (this.output.isTTY === true) this.#show(() => text);
    else this.line(text);
  }

  update(workflowId: string, view: RunView, progress: readonly RunProgress[]): void {
    const terminal = this.output.isTTY === true;
    for (const event of progress) {
      const text = this.quiet && !ALWAYS.has(event.type) ? null : describeProgress(event, workflowId);
      if (text !== null && (!terminal || STAYS.has(event.type))) this.line(text);
    }
    if (terminal && !this.quiet) this.#show(() => describeState(view, Date.now()));
  }

  [Symbol.dispose](): void {
    this.#erase();
    this.#state = null;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #show(state: () => string): void {
    this.#state = state;
    this.#timer ??= setInterval(() => this.#paint(), REPAINT_MS).unref();
    this.#paint();
  }

  #paint(): void {
    if (this.#state === null) return;
    const text = terminalSafe(this.#state()).replaceAll("\n", " ");
    this.output.write(`\r\u001b[K${text.slice(0, (this.output.columns ?? 80) - 1)}`);
    this.#painted = true;
  }

  #erase(): void {
    if (this.#painted) this.output.write("\r\u001b[K");
    this.#painted = false;
  }
}

/** On a terminal the rest is told by the repainting line. */
const STAYS: ReadonlySet<RunProgress["type"]> = new Set(["started", "rebuilding", "blocked", "unblocked", "retrying", "cancel-requested", "extracting"]);
/** With `--json`, too: without them a wait would be a riddle. */
const ALWAYS: ReadonlySet<RunProgress["type"]> = new Set(["blocked", "unblocked"]);
