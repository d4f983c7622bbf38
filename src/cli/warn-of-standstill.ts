import { describeRun } from "../client/describe-run.js";
import { findUnpolledQueues } from "../client/unpolled-queues.js";
import type { RunClient } from "../client/run-client.js";
import type { RunView } from "../core/run-view.js";
import type { ProgressDisplay } from "./output/progress-display.js";

/** Much longer than a task waits for a free worker, on a busy machine too. */
const QUIET_MS = 5000;

/** While a run does not move: tells once when no worker is there to move it. */
export function warnOfStandstill(client: RunClient, workflowId: string, display: ProgressDisplay, view: () => RunView | null): Disposable & { moved(): void } {
  let told = false;
  const look = async (): Promise<void> => {
    const queues = view()?.queues ?? null;
    if (queues === null || told) return;
    const { pinnedTo } = await describeRun(client, workflowId);
    const unpolled = await findUnpolledQueues(client, queues, pinnedTo);
    if (unpolled.length === 0) return;
    told = true;
    const cures = [
      ...(unpolled.some((name) => name !== queues.tools) ? ["Start one of this very version with `rlm worker`; an embedded stack of another version is replaced by `rlm down` and `rlm up`."] : []),
      ...(unpolled.some((name) => name === queues.tools) ? ["The run's tools are hosted by `rlm worker --tools FILE`, with the unchanged file that the run was started with, or by `createWorker({ tools })`."] : []),
    ];
    display.line([`No worker is polling ${unpolled.join(", ")}: the run waits.`, ...cures].join("\n"));
  };
  // A server that does not answer is the follower's business.
  const timer = setTimeout(() => void look().catch(() => undefined), QUIET_MS);
  return { moved: () => void timer.refresh(), [Symbol.dispose]: () => clearTimeout(timer) };
}
