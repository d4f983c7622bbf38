import { readFileSync, readdirSync } from "node:fs";

export interface PeakMemory {
  readonly workerBytes: number | null;
  /** The largest of its sandbox processes. */
  readonly childBytes: number | null;
}

/** The kernel keeps the peak of each process; looked at often enough to see a sandbox before it ends, seldom enough not to disturb. */
const LOOK_MS = 200;

/** Does something, and tells the peaks of a worker and its sandboxes meanwhile; `null` where the system keeps none (not Linux). */
export async function withPeakMemory<T>(workerPid: number, action: () => Promise<T>): Promise<{ readonly result: T; readonly peak: PeakMemory }> {
  let childBytes: number | null = null;
  const look = (): void => {
    const children = descendants(workerPid).map(peakOf).filter((bytes) => bytes !== null);
    if (children.length > 0) childBytes = Math.max(childBytes ?? 0, ...children);
  };
  const timer = setInterval(look, LOOK_MS);
  try {
    const result = await action();
    look();
    return { result, peak: { workerBytes: peakOf(workerPid), childBytes } };
  } finally {
    clearInterval(timer);
  }
}

/** Of the processes below a worker the one with the most memory now: the sandbox of the one run that has any, not one that waits booted. */
export function heaviestSandbox(workerPid: number): number {
  const [heaviest] = descendants(workerPid).map((pid) => ({ pid, bytes: residentOf(pid) })).sort((a, b) => b.bytes - a.bytes);
  if (heaviest === undefined) throw new Error(`No process is below worker ${workerPid}.`);
  return heaviest.pid;
}

function residentOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
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
