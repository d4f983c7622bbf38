/** What a host call asks for: a sub-model, one of the user's tools, or a child run. */
export type CallKind = "llm" | "tool" | "rlm";

/**
 * How many calls of each kind a suspension makes. A pack holds its calls in the order of `CALL_KINDS`, so the counts also say where in the pack each
 * kind lies (`rangeOf`), and the workflow needs nothing else to dispatch them.
 */
export type CallCounts = Readonly<Record<CallKind, number>>;

/** Order of the calls in a pack. */
export const CALL_KINDS: readonly CallKind[] = ["llm", "tool", "rlm"];

/** Indices of one kind in the pack: `start` to `start + count - 1`. */
export function rangeOf(counts: CallCounts, kind: CallKind): { readonly start: number; readonly count: number } {
  const before = CALL_KINDS.slice(0, CALL_KINDS.indexOf(kind));
  return { start: before.reduce((sum, each) => sum + counts[each], 0), count: counts[kind] };
}

export function totalCalls(counts: CallCounts): number {
  return counts.llm + counts.tool + counts.rlm;
}

export function countCalls(kinds: readonly CallKind[]): CallCounts {
  const count = (kind: CallKind): number => kinds.filter((each) => each === kind).length;
  return { llm: count("llm"), tool: count("tool"), rlm: count("rlm") };
}
