import { setTimeout as sleep } from "node:timers/promises";
import type { HistoryFact } from "../core/history-fact.js";
import { GRPC_NOT_FOUND, isGrpc } from "./connect-temporal.js";
import { decodeHistoryEvent } from "./decode-history-event.js";
import { RunNotFoundError } from "./errors.js";
import type { RunClient } from "./run-client.js";

export interface HistoryQuery {
  readonly workflowId: string;
  /** First run of the continue-as-new chain to read. */
  readonly runId: string;
  /** Wait for new events until the chain is closed; else end with what is there. */
  readonly follow: boolean;
  readonly signal?: AbortSignal;
}

/**
 * The facts of a run, page by page, over its whole continue-as-new chain. Needs the server, never a worker. A page may be empty: the server ends
 * a long poll without news after some 20 s. While following, a server that does not answer is asked again until `signal` says stop.
 * @throws RunNotFoundError when the first run is not known (any more)
 */
export async function* readRunHistory(client: RunClient, query: HistoryQuery): AsyncGenerator<readonly HistoryFact[]> {
  let runId: string | null = query.runId;
  while (runId !== null && runId !== "") {
    const current: string = runId;
    runId = null;
    for await (const facts of readOneRun(client, query, current)) {
      yield facts;
      for (const fact of facts) if (fact.type === "run-continued") runId = fact.nextRunId;
    }
  }
}

async function* readOneRun(client: RunClient, query: HistoryQuery, runId: string): AsyncGenerator<readonly HistoryFact[]> {
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await pageOf(client, query, runId, nextPageToken);
    nextPageToken = page.nextPageToken ?? undefined;
    const facts = (page.history?.events ?? []).map((event) => decodeHistoryEvent(event, runId)).filter((fact) => fact !== null);
    yield facts;
    // `waitNewEvent` keeps giving tokens after the last event of a closed run only in old servers.
    if (facts.some(endsRun)) return;
  } while (nextPageToken !== undefined && nextPageToken.length > 0 && query.signal?.aborted !== true);
}

/** The server holds a long poll for at most 60 s, ours ends a little later. */
const LONG_POLL_MS = 70_000;
const PAGE_MS = 10_000;
const RETRY_MS = 500;

async function pageOf(client: RunClient, query: HistoryQuery, runId: string, nextPageToken: Uint8Array | undefined) {
  const { connection, workflowService, options } = (await client.temporal()).workflow;
  const { workflowId, follow, signal } = query;
  const request = {
    namespace: options.namespace,
    execution: { workflowId, runId },
    waitNewEvent: follow,
    ...(nextPageToken !== undefined && { nextPageToken }),
  };
  const ask = () => connection.withDeadline(Date.now() + (follow ? LONG_POLL_MS : PAGE_MS), () => workflowService.getWorkflowExecutionHistory(request));
  for (;;) {
    try {
      // A signal of the call's own: the SDK leaves a listener on the one it is given, a call.
      return await (signal === undefined ? ask() : connection.withAbortSignal(AbortSignal.any([signal]), ask));
    } catch (error) {
      if (isGrpc(error, GRPC_NOT_FOUND)) throw new RunNotFoundError(workflowId, { cause: error });
      if (!follow || signal?.aborted === true) throw error;
      await client.onUnavailable?.();
      await sleep(RETRY_MS, undefined, signal === undefined ? {} : { signal });
    }
  }
}

function endsRun(fact: HistoryFact): boolean {
  return fact.type === "run-completed" || fact.type === "run-failed" || fact.type === "run-cancelled" || fact.type === "run-continued";
}
