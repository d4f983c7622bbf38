import { describeRun } from "../../src/client/describe-run.js";
import { readRunHistory } from "../../src/client/read-run-history.js";
import type { RunClient } from "../../src/client/run-client.js";
import type { HistoryFact } from "../../src/core/history-fact.js";
import { collect } from "./collect.js";

/** All facts of a run so far. */
export async function factsOf(client: RunClient, workflowId: string): Promise<readonly HistoryFact[]> {
  const { firstRunId } = await describeRun(client, workflowId);
  return (await collect(readRunHistory(client, { workflowId, runId: firstRunId, follow: false }))).flat();
}
