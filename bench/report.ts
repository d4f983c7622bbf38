import type { Machine } from "./machine.js";
import type { Row } from "./measurement.js";
import { formatBytes, formatMs, median } from "./numbers.js";

/** What one measurement gave. */
export interface Section {
  readonly key: string;
  readonly title: string;
  /** A no-op activity just before it. */
  readonly noopMs: number;
  /** Load of the machine just before it. */
  readonly load: number;
  readonly rows: readonly Row[];
}

/** The table for docs/performance.md. */
export function renderMarkdown(sections: readonly Section[], machine: Machine, repeat: number): string {
  const lines = sections.flatMap(({ rows, noopMs }) => rows.map((row) => renderRow(row, noopMs)));
  return [
    `${machine.cpus}, ${formatBytes(machine.memoryBytes)} of memory, ${machine.system}, Node ${machine.node}. Medians of ${repeat} (least–most).`,
    `A no-op sequential activity took ${renderNoops(sections)}; each time is also given as a multiple of the one measured just before it.`,
    "",
    "| measured | time | × no-op | reach | in detail |",
    "|---|---|---|---|---|",
    ...lines,
    "",
  ].join("\n");
}

function renderRow({ measured, timesMs, detail, reach }: Row, noopMs: number): string {
  const middle = median(timesMs);
  const range = timesMs.length < 2 ? "" : ` (${formatMs(Math.min(...timesMs))}–${formatMs(Math.max(...timesMs))})`;
  return `| ${measured} | ${formatMs(middle)}${range} | ${(middle / noopMs).toFixed(1)} | ${reach ?? "–"} | ${detail} |`;
}

function renderNoops(sections: readonly Section[]): string {
  if (sections.length === 0) return "n/a";
  const all = sections.map(({ noopMs }) => noopMs);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return least === most ? formatMs(least) : `${formatMs(least)} to ${formatMs(most)}`;
}
