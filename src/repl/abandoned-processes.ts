import { readdirSync, readFileSync } from "node:fs";

/**
 * Kills sandboxes whose host was killed, and that do not know. A sandbox ends with its host, but bubblewrap can be caught before it listens: just forked, it waits for
 * its parent to write the map of user ids, and waits for ever. Found by their command line. Does nothing where there is no /proc (other systems than Linux).
 * @param isAbandoned whether a process with these arguments, each ended by `\0`, has lost its host.
 */
export function killAbandonedProcesses(isAbandoned: (commandLine: string) => boolean): void {
  for (const pid of processIds()) {
    const seen = readProcess(pid);
    if (seen === null || !isAbandoned(seen.commandLine) || !isOfThisPidNamespace(seen.namespacedIds)) continue;
    // The pid may have been given to another process meanwhile.
    if (readProcess(pid)?.startedAt !== seen.startedAt) continue;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Gone, or of another user.
    }
  }
}

interface SeenProcess {
  readonly commandLine: string;
  /** Clock ticks since the system started. */
  readonly startedAt: string;
  /** Its pid here, then in each further namespace that it is in. */
  readonly namespacedIds: readonly string[];
}

function processIds(): number[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
  } catch {
    return [];
  }
}

/** `null`: it is gone. The fields of `stat` are counted behind the name, which is in brackets and may hold anything (proc_pid_stat(5)). */
function readProcess(pid: number): SeenProcess | null {
  try {
    const [commandLine, stat, status] = ["cmdline", "stat", "status"].map((file) => readFileSync(`/proc/${pid}/${file}`, "utf8")) as [string, string, string];
    const startedAt = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
    return { commandLine, startedAt, namespacedIds: /^NSpid:\s*(.*)$/m.exec(status)?.[1]?.split(/\s+/) ?? [] };
  } catch {
    return null;
  }
}

/** A container has paths and pids of its own, so its workers' sandboxes may look abandoned from outside. Of ours, only the first process of a sandbox is in a further namespace. */
function isOfThisPidNamespace([, inner, ...deeper]: readonly string[]): boolean {
  return (inner === undefined || inner === "1") && deeper.length === 0;
}
