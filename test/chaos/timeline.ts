import type { Blow } from "./aims.js";
import type { State } from "./run-states.js";

/** A run that a blow has found in a state: a process that works for it, or holds its session, was struck. */
export interface Hit {
  readonly root: string;
  readonly workflowId: string;
  readonly state: State;
  /** The activity that was under way; the hit counts when it had not ended by then. `null`: none was. */
  readonly activity: string | null;
}

export interface Struck {
  readonly blow: Blow;
  /** Worker's id, or the server. */
  readonly victim: string;
  readonly aim: string;
  /** Just before the signal was sent. */
  readonly atMs: number;
  /** When a frozen process was woken, a killed server served again, the last words of a killed worker were read; `null`: it has no end. */
  endedAtMs: number | null;
  readonly hits: readonly Hit[];
}

/** What was done to a world, for the checks and for people. */
export class Timeline {
  readonly struck: Struck[] = [];
  readonly #lines: { readonly atMs: number; readonly text: string }[] = [];
  readonly #startedAtMs = Date.now();

  note(text: string): void {
    this.#lines.push({ atMs: Date.now(), text });
  }

  add(struck: Struck): Struck {
    this.struck.push(struck);
    this.note(`${struck.blow}: ${struck.victim} (aim: ${struck.aim}); hits ${struck.hits.map(({ workflowId, state }) => `${workflowId} ${state}`).join(", ") || "nobody"}`);
    return struck;
  }

  text(more: readonly { readonly atMs: number; readonly text: string }[] = []): string {
    const lines = [...this.#lines, ...more].sort((a, b) => a.atMs - b.atMs);
    return lines.map(({ atMs, text }) => `  ${((atMs - this.#startedAtMs) / 1000).toFixed(3).padStart(8)} s  ${text}`).join("\n");
  }
}
