import { readFileSync, readdirSync } from "node:fs";

export interface PeakMemory {
  readonly workerBytes: number | null;
  /** The largest of its sandbox processes. */
  readonly childBytes: number | null;
}

/** Most that a worker and the largest of its sandboxes ever had resident, from the kernel's books; `null` where there are none (not Linux). */
export function peakMemory(workerPid: number): PeakMemory {
  const children = descendants(workerPid).map(peakOf).filter((bytes) => bytes !== null);
  return { workerBytes: peakOf(workerPid), childBytes: children.length === 0 ? null : Math.max(...children) };
}

/** `VmHWM`, "high water mark". */
function peakOf(pid: number): number | null {
  const match = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`));
  return match === null ? null : Number(match[1]) * 1024;
}

function descendants(pid: number): number[] {
  const parents = new Map(processIds().map((each) => [each, parentOf(each)]));
  const below = (of: number): number[] => [...parents].filter(([, parent]) => parent === of).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

function processIds(): number[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
  } catch {
    return [];
  }
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** Empty when the process, or the whole file system, is not there. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
