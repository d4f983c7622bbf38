/** 4 KiB: the unit of change. Smaller costs more table than it saves, larger stores unchanged neighbours. */
export const PAGE_BYTES = 4096;

/** `[first page, how many]`. */
export type PageRun = readonly [first: number, count: number];

/** Joins neighbours of a sorted list of page numbers. */
export function toRuns(pages: Iterable<number>): PageRun[] {
  const runs: [number, number][] = [];
  for (const page of pages) {
    const last = runs.at(-1);
    if (last !== undefined && last[0] + last[1] === page) last[1]++;
    else runs.push([page, 1]);
  }
  return runs;
}

/** Calls `visit` for the pages of `[0, end)` that lie in none of `skipped` (sorted, disjoint), as runs. */
export function forEachRunOutside(skipped: readonly PageRun[], end: number, visit: (first: number, count: number) => void): void {
  let at = 0;
  for (const [first, count] of skipped) {
    if (first >= end) break;
    if (first > at) visit(at, first - at);
    at = Math.max(at, first + count);
  }
  if (at < end) visit(at, end - at);
}

/** Indices of the entries that equal `wanted`, ascending. */
export function pagesWhere(flags: Uint8Array, wanted: number): Uint32Array {
  const pages: number[] = [];
  for (let page = flags.indexOf(wanted); page !== -1; page = flags.indexOf(wanted, page + 1)) pages.push(page);
  return Uint32Array.from(pages);
}
