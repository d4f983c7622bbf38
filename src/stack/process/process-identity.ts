import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Names one process for good. A pid alone is reused by the system; a pid with its start time is not,
 * so whatever we stop after a crash is stopped by this pair and never by pid alone.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque, comparable by equality only. Linux: boot id and clock ticks since boot; macOS: `ps -o lstart=`. */
  readonly startToken: string;
}

/** Identity of the process that has this pid now, or null when there is none (a zombie counts as none). */
export function readProcessIdentity(pid: number): ProcessIdentity | null {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  const startToken = process.platform === "linux" ? linuxStartToken(pid) : psStartToken(pid);
  return startToken === null ? null : { pid, startToken };
}

/** Whether the very process named by `identity` is still running. */
export function isProcessAlive(identity: ProcessIdentity): boolean {
  return readProcessIdentity(identity.pid)?.startToken === identity.startToken;
}

let own: ProcessIdentity | undefined;

/** Identity of this process. Throws when the system does not tell (no /proc and no `ps`). */
export function ownProcessIdentity(): ProcessIdentity {
  own ??= readProcessIdentity(process.pid) ?? undefined;
  if (own === undefined) {
    throw new Error(`The start time of process ${process.pid} cannot be read. Mount /proc, or install "ps".`);
  }
  return own;
}

function linuxStartToken(pid: number): string | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  // Field 2 is the program's name in parentheses and may hold anything, so count from the last ")".
  // After it: state is field 3, starttime field 22 (proc_pid_stat(5)).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  const startTicks = fields[19];
  if (state === undefined || startTicks === undefined || state === "Z" || state === "X") return null;
  return `${bootId()}:${startTicks}`;
}

let cachedBootId: string | undefined;

/** Ticks count from boot: without the boot's id, a pid and tick of before a reboot could match by chance. */
function bootId(): string {
  cachedBootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return cachedBootId;
}

function psStartToken(pid: number): string | null {
  try {
    const out = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
    }).trim();
    const [state, ...start] = out.split(/\s+/);
    return state === undefined || start.length === 0 || state.startsWith("Z") ? null : start.join(" ");
  } catch {
    return null;
  }
}
