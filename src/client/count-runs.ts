import type { RunStatus } from "../core/result.js";
import { listRuns } from "./list-runs.js";
import type { RunClient } from "./run-client.js";
import type { RunFilter } from "./run-filter.js";

export interface RunCounts {
  readonly total: number;
  /** Statuses that some run has. */
  readonly byStatus: Readonly<Partial<Record<RunStatus, number>>>;
}

/** How many runs are meant, by status; those that only the store remembers are counted too. Reads the list: the embedded server cannot group by status. */
export async function countRuns(client: RunClient, { askServer, ...filter }: RunFilter & { readonly askServer: boolean }): Promise<RunCounts> {
  const runs = await listRuns(client, { ...filter, askServer, limit: Number.MAX_SAFE_INTEGER });
  const byStatus: Partial<Record<RunStatus, number>> = {};
  for (const { status } of runs) byStatus[status] = (byStatus[status] ?? 0) + 1;
  return { total: runs.length, byStatus };
}
