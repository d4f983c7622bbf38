import { controlClient } from "./control/control-client.js";
import type { StackReport } from "./control/protocol.js";
import { isLeftover } from "./leftovers.js";
import { packageVersions } from "./package-files.js";
import { isProcessAlive } from "./process/process-identity.js";
import { readStackState, type RecordedChild } from "./state-file.js";
import { NAMESPACE } from "./server/server-ready.js";

/** What `rlm status --json` prints. */
export interface StackStatus extends Omit<StackReport, "phase" | "pids"> {
  /** Whether the stack's own process lives. */
  readonly running: boolean;
  readonly phase: StackReport["phase"] | "stopped" | "unresponsive";
  readonly home: string;
  /** Null where there is none. Without `running`, server and worker are what a killed stack left behind. */
  readonly pids: { readonly stack: number | null; readonly server: number | null; readonly worker: number | null };
}

/** The embedded stack of `home` as it is now. Starts nothing and never throws for a stack that is down or does not answer. */
export async function stackStatus(home: string): Promise<StackStatus> {
  const state = readStackState(home);
  const running = state !== null && isProcessAlive(state.stack);
  if (running) {
    const report = await controlClient(state.socket).status().catch(() => null);
    if (report !== null) return { running, home, ...report };
  }
  const leftover = (role: RecordedChild["role"]): number | null => state?.children.find((child) => child.role === role && isLeftover(child))?.pid ?? null;
  return {
    running, phase: running ? "unresponsive" : "stopped", home,
    step: running ? "It does not answer on its control socket" : state?.failure?.message ?? "Not running",
    address: running ? state.address : null, namespace: NAMESPACE, ui: null, dashboard: null,
    pids: { stack: running ? state.stack.pid : null, server: leftover("server"), worker: leftover("worker") },
    restarts: { server: 0, worker: 0 },
    versions: { ...packageVersions(), temporalServer: null, temporalCli: null },
    openRuns: null, credentials: null,
  };
}
