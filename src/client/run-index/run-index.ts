import path from "node:path";
import { closedRunIndex, type ClosedRun } from "./closed-runs.js";
import type { DerivedIndex } from "./derived-index.js";
import type { IndexedRun } from "./indexed-run.js";
import type { RunListing } from "../list-runs.js";
import { ServerRuns } from "./server-runs.js";
import type { RunClient } from "../run-client.js";

export interface RunSnapshot {
  /** Newest start first; child runs are found through their parents. */
  readonly runs: readonly IndexedRun[];
  /** Why the server could not be asked: then these are the closed runs only. */
  readonly serverError: string | null;
}

/** All runs of a deployment, for readers that look again and again: from the server the open ones, from the store's index the closed ones. */
export class RunIndex {
  readonly #closed: DerivedIndex<ClosedRun>;
  readonly #server: ServerRuns;

  /**
   * @param directory where the index file lies; it is made anew when it is lost
   * @param askServer false: no server has ever been here, and none should be started for a look
   */
  constructor(client: RunClient, directory: string, private readonly askServer: () => Promise<boolean>) {
    this.#closed = closedRunIndex(client.store, path.join(directory, "closed-runs.ndjson"));
    this.#server = new ServerRuns(client);
  }

  async look(): Promise<RunSnapshot> {
    const [manifests, { runs: listed, serverError }] = await Promise.all([this.#closed.entries(), this.#ask()]);
    const runs = new Map<string, IndexedRun>();
    for (const run of listed) runs.set(run.workflowId, run);
    for (const { parent, usage, ...closed } of manifests.values()) {
      const run: IndexedRun & { readonly closedAtMs: number } = { ...closed, costUsd: usage.costUsd, tokens: usage.inputTokens + usage.outputTokens };
      const known = runs.get(run.workflowId);
      // A new run under the id of a deleted one is newer than the manifest.
      if (parent === null && (known === undefined || known.startedAtMs <= run.closedAtMs)) runs.set(run.workflowId, run);
    }
    return { runs: [...runs.values()].sort((a, b) => b.startedAtMs - a.startedAtMs), serverError };
  }

  async #ask(): Promise<{ readonly runs: readonly IndexedRun[]; readonly serverError: string | null }> {
    if (!(await this.askServer())) return { runs: [], serverError: null };
    try {
      const { open, closed } = await this.#server.look();
      return { runs: [...closed.values(), ...open].map(toIndexed), serverError: null };
    } catch (error) {
      return { runs: [], serverError: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** Before its first call is counted a run has cost 0, and this stays so where a price is unknown: nothing is known then. */
function toIndexed({ costUsd, ...run }: RunListing): IndexedRun {
  return { ...run, costUsd: costUsd === 0 ? null : costUsd, tokens: null };
}
