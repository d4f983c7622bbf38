import type { WorkflowExecutionInfo } from "@temporalio/client";
import { WORKFLOW_TYPE } from "../../core/wire.js";
import { listingOf, type RunListing } from "../list-runs.js";
import type { RunClient } from "../run-client.js";

/**
 * Runs as the server knows them: open ones at every look, and closed ones, which may have no manifest (terminated, another machine's store), once.
 * The server's list is a moment behind.
 */
export class ServerRuns {
  readonly #closed = new Map<string, RunListing>();
  #lookedAtMs: number | null = null;

  constructor(private readonly client: Pick<RunClient, "temporal">) {}

  /** @throws when the server does not answer */
  async look(): Promise<{ readonly open: readonly RunListing[]; readonly closed: ReadonlyMap<string, RunListing> }> {
    const beganAtMs = Date.now();
    const since = this.#lookedAtMs === null ? "" : ` AND CloseTime > "${new Date(this.#lookedAtMs - OVERLAP_MS).toISOString()}"`;
    const [open, closed] = await Promise.all([this.#list("ExecutionStatus = \"Running\""), this.#list(`ExecutionStatus NOT IN ("Running", "ContinuedAsNew")${since}`)]);
    for (const run of closed) this.#closed.set(run.workflowId, run);
    this.#lookedAtMs = beganAtMs;
    return { open, closed: this.#closed };
  }

  async #list(condition: string): Promise<RunListing[]> {
    const temporal = await this.client.temporal();
    const runs = new Map<string, RunListing>();
    const list = temporal.workflow.list({ query: `WorkflowType = "${WORKFLOW_TYPE}" AND ${condition}`, pageSize: 1000 });
    for await (const execution of list) {
      if (!runs.has(execution.workflowId) && !isChild(execution)) runs.set(execution.workflowId, listingOf(execution, undefined));
    }
    return [...runs.values()];
  }
}

/** Between the end of a run and the server's list of it, generously. */
const OVERLAP_MS = 120_000;

function isChild({ memo }: WorkflowExecutionInfo): boolean {
  return memo?.["parent"] !== undefined;
}
