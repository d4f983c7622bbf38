import { readdirSync, readFileSync } from "node:fs";

/** Private memory of a process and all below it, in bytes; `NaN` where the system does not tell (not Linux). */
export function privateBytes(pid: number): number {
  return tree(pid).reduce((sum, each) => sum + kilobytes(each, "smaps_rollup", /^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm) * 1024, 0);
}

/** Largest resident memory so far of a process and all below it. */
export function peakBytes(pid: number): number {
  return Math.max(...tree(pid).map((each) => kilobytes(each, "status", /^VmHWM:\s+(\d+) kB$/gm) * 1024));
}

function kilobytes(pid: number, file: string, pattern: RegExp): number {
  return [...read(`/proc/${pid}/${file}`).matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0);
}

function tree(root: number): number[] {
  const parents = new Map(readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((name) => [Number(name), Number(/^PPid:\s+(\d+)$/m.exec(read(`/proc/${name}/status`))?.[1] ?? 0)]));
  const below = (of: number): number[] => [of, ...[...parents].filter(([, parent]) => parent === of).flatMap(([child]) => below(child))];
  return below(root);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
