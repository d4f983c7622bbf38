import { readFileSync, readdirSync } from "node:fs";

/** Pids whose parent is `pid`: a worker's sandboxes. */
export function childPids(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => parentOf(each) === pid);
}

/** Processor time that a process and its descendants have used, in seconds; 0 for one that is gone. */
export function cpuSecondsOf(pid: number): number {
  // utime and stime, fields 14 and 15, in hundredths of a second (USER_HZ).
  const [user, system] = fieldsOf(pid)?.slice(11, 13).map(Number) ?? [];
  return childPids(pid).reduce((sum, child) => sum + cpuSecondsOf(child), ((user ?? 0) + (system ?? 0)) / 100);
}

function parentOf(pid: number): number | null {
  const fields = fieldsOf(pid);
  return fields === null ? null : Number(fields[1]);
}

/** The fields after the name, which is in brackets and may hold anything: state first, then the parent. */
function fieldsOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}
