import type { Amount, GarbageReport } from "../../client/garbage/garbage-report.js";
import { formatBytes } from "../../core/byte-size.js";

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
  const lines = rows.map(([name, { blobs, bytes }]) => `${name.padEnd(width)}  ${String(blobs).padStart(8)}  ${formatBytes(bytes).padStart(10)}`);
  return [...lines, ...(missing.length === 0 ? [] : [`${missing.length} records that runs refer to are missing; nothing can be removed until they are back or those runs are deleted.`])].join("\n");
}
