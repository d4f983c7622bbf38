import type { BudgetChange } from "../../core/control-wire.js";
import type { RunProgress } from "../../core/run-progress.js";
import { addToTimeline, EMPTY_TIMELINE, type Timeline } from "../../core/timeline.js";
import type { BlobRef } from "../../core/blob-ref.js";

/** What a run's history tells beside its state: when it did what, who asked for what, and which limits were changed. */
export interface RunStory {
  readonly timeline: Timeline;
  readonly notes: readonly StoredNote[];
  readonly changedLimits: BudgetChange;
  readonly blockedMessage: string | null;
}

export interface StoredNote {
  readonly atMs: number;
  readonly what: string;
  readonly by: string;
  readonly why: string | null;
  readonly textRef: BlobRef | null;
}

export const EMPTY_STORY: RunStory = { timeline: EMPTY_TIMELINE, notes: [], changedLimits: {}, blockedMessage: null };

/** Takes one more step into the story. Pure. */
export function addToStory(story: RunStory, step: RunProgress): RunStory {
  const told = { ...story, timeline: addToTimeline(story.timeline, step) };
  switch (step.type) {
    case "paused":
    case "resumed":
      return { ...told, notes: [...told.notes, note(step, step.type)] };
    case "steered":
      return { ...told, notes: [...told.notes, { ...note(step, "sent the model a message"), textRef: step.textRef }] };
    case "budget-changed":
      return {
        ...told,
        changedLimits: { ...told.changedLimits, ...step.limits },
        notes: [...told.notes, note(step, `set ${Object.entries(step.limits).map(([name, value]) => `${name} to ${value ?? "no limit"}`).join(", ")}`)],
      };
    case "blocked":
      return { ...told, blockedMessage: step.message };
    case "unblocked":
      return { ...told, blockedMessage: null };
    default:
      return told;
  }
}

function note({ atMs, by, why }: { readonly atMs: number; readonly by: string; readonly why: string | null }, what: string): StoredNote {
  return { atMs, what, by, why, textRef: null };
}
