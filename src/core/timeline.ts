import type { RunProgress } from "./run-progress.js";

/**
 * What a run was doing in a span of time. `begin`: inputs are brought into the sandbox. `think`: a root call. `execute`: Python. `fan-out`: the cell
 * waits for calls. `wait`: paused. `blocked`: a person must act.
 */
export type Doing = "begin" | "think" | "execute" | "fan-out" | "wait" | "blocked";

export interface Segment {
  readonly doing: Doing;
  readonly turn: number;
  readonly fromMs: number;
  /** `null`: it goes on. */
  readonly toMs: number | null;
}

/** Segments so far, and what is needed to go on. */
export interface Timeline {
  readonly segments: readonly Segment[];
  /** What goes on when a pause or a wall is over. */
  readonly under: Doing | null;
  /** Calls of the suspension that are still out. */
  readonly out: number;
}

export const EMPTY_TIMELINE: Timeline = { segments: [], under: null, out: 0 };

/** Takes one more step of a run into its timeline. Pure. */
export function addToTimeline(timeline: Timeline, step: RunProgress): Timeline {
  const { atMs } = step;
  const last = timeline.segments.at(-1);
  const turn = "turn" in step ? step.turn : (last?.turn ?? 0);
  const held = last?.toMs === null && (last.doing === "wait" || last.doing === "blocked");
  // While the run is held back its calls may still be finished: that does not end the pause.
  const go = (doing: Doing): Timeline => (held ? { ...timeline, under: doing } : enter(timeline, doing, turn, atMs));
  switch (step.type) {
    case "started":
      return go("begin");
    case "turn-started":
    case "extracting":
      return enter(timeline, "think", turn, atMs);
    case "turn-planned":
      return step.hasCode ? go("execute") : timeline;
    case "rebuilding":
      return go("execute");
    case "cell-suspended":
      return { ...go("fan-out"), out: step.count };
    case "calls-answered":
      return settled(timeline, go, step.answered + step.failed);
    case "tool-returned":
    case "child-closed":
      return settled(timeline, go, 1);
    case "paused":
      return hold(timeline, "wait", turn, atMs);
    case "blocked":
      return hold(timeline, "blocked", turn, atMs);
    case "resumed":
    case "unblocked":
      return held ? enter({ ...timeline, under: null }, timeline.under ?? "think", turn, atMs) : timeline;
    case "closed":
      return { ...timeline, segments: ended(timeline.segments, atMs) };
    default:
      return timeline;
  }
}

function settled(timeline: Timeline, go: (doing: Doing) => Timeline, count: number): Timeline {
  const out = Math.max(0, timeline.out - count);
  return { ...(out === 0 && timeline.out > 0 ? go("execute") : timeline), out };
}

function hold(timeline: Timeline, doing: "wait" | "blocked", turn: number, atMs: number): Timeline {
  const last = timeline.segments.at(-1);
  const under = last === undefined || last.doing === "wait" || last.doing === "blocked" ? timeline.under : last.doing;
  return { ...enter(timeline, doing, turn, atMs), under };
}

function enter(timeline: Timeline, doing: Doing, turn: number, atMs: number): Timeline {
  const last = timeline.segments.at(-1);
  if (last !== undefined && last.toMs === null && last.doing === doing && last.turn === turn) return timeline;
  return { ...timeline, segments: [...ended(timeline.segments, atMs), { doing, turn, fromMs: atMs, toMs: null }] };
}

function ended(segments: readonly Segment[], atMs: number): readonly Segment[] {
  const last = segments.at(-1);
  return last === undefined || last.toMs !== null ? segments : [...segments.slice(0, -1), { ...last, toMs: Math.max(last.fromMs, atMs) }];
}

/**
 * At most `max` segments: the shortest are given to the one before them. A cell may make thousands of calls in a row, and nobody sees a bar
 * thinner than a pixel.
 */
export function coarsen(segments: readonly Segment[], max: number): readonly Segment[] {
  if (segments.length <= max) return segments;
  const lengths = segments.map(({ fromMs, toMs }) => (toMs === null ? Infinity : toMs - fromMs));
  const shortest = [...lengths].sort((a, b) => b - a)[max - 1] ?? 0;
  const kept: Segment[] = [];
  for (const [i, segment] of segments.entries()) {
    const last = kept.at(-1);
    if (last !== undefined && ((lengths[i] ?? 0) < shortest || last.doing === segment.doing)) kept[kept.length - 1] = { ...last, toMs: segment.toMs };
    else kept.push(segment);
  }
  return kept.slice(-max);
}
