import type { Amount, GarbageReport } from "../../client/garbage/garbage-report.js";

/** The report of `rlm gc` as a table. Pure. */
export function renderGarbage({ dryRun, total, kept, young, removed, replies, missing }: GarbageReport): string {
  const kinds = Object.entries(kept).sort(([, a], [, b]) => b.bytes - a.bytes);
  const rows: [string, Amount][] = [
    ...kinds.map(([kind, amount]): [string, Amount] => [`in use: ${kind}`, amount]),
    ["not in use, recent", young],
    [dryRun ? "would be removed" : "removed", removed],
    [dryRun ? "reply files that would be removed" : "reply files removed", replies],
    ["store before", total],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, { blobs, bytes }]) => `${name.padEnd(width)}  ${String(blobs).padStart(8)}  ${renderBytes(bytes).padStart(10)}`);
  return [...lines, ...(missing.length === 0 ? [] : [`${missing.length} records that runs refer to are missing; nothing can be removed until they are back or those runs are deleted.`])].join("\n");
}

/** `512 B`, `1.5 MiB`. */
export function renderBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? String(value) : value.toFixed(1)} ${units[unit] ?? ""}`;
}
