import { CostIndex } from "../../client/run-index/cost-index.js";
import { BatchRecords } from "../../client/batch/batch-records.js";
import { retryFailedRows } from "../../client/batch/start-batch.js";
import { controlSchedule } from "../../client/schedules/control-schedule.js";
import { listSchedules } from "../../client/schedules/list-schedules.js";
import { RunIndex, type RunSnapshot } from "../../client/run-index/run-index.js";
import type { TurnAnchor } from "../../client/pages/turn-source.js";
import { readManifest } from "../../client/read-manifest.js";
import { viewRun } from "../../client/follow-run.js";
import type { RunClient } from "../../client/run-client.js";
import type { VariableDescription } from "../../core/cell.js";
import type { TaskQueues } from "../../core/wire.js";
import { getRecord } from "../../journal/records.js";
import type { VariableRow } from "../wire.js";
import { actOnRun } from "./act-on-run.js";
import type { StartNewRun } from "./new-run.js";
import { TurnReader } from "./turn-reader.js";
import type { DashboardSource } from "./source.js";
import { watchRun } from "./watch-run.js";

export interface ClientSourceOptions {
  readonly client: RunClient;
  /** Where index files lie. */
  readonly directory: string;
  readonly queues: () => TaskQueues;
  /** False: no server has ever been here, and a look shall start none. */
  readonly askServer: () => Promise<boolean>;
  /** Called before something is done, not before looks: brings the embedded stack back. */
  readonly wake: () => Promise<void>;
  readonly startRun: StartNewRun;
}

/** The dashboard over Temporal and the store. */
export function clientSource({ client, directory, queues, askServer, wake, startRun }: ClientSourceOptions): DashboardSource {
  const runs = new RunIndex(client, directory, askServer);
  const costs = new CostIndex(client, directory);
  const anchors = new Map<string, TurnAnchor>();
  const turns = new TurnReader(client, anchors);
  const batches = new Map<string, BatchRecords>();
  const list = shared(() => runs.look(), LIST_AGE_MS);
  return {
    list,
    watch: (workflowId, signal) => watchRun(client, workflowId, { signal, anchors }),
    turns: (workflowId, from) => turns.heads(workflowId, from),
    variables: (workflowId) => readVariables(client, workflowId),
    calls: (workflowId, turn, from, count) => turns.calls(workflowId, turn, { from, count }),
    call: (workflowId, turn, index) => turns.call(workflowId, turn, index),
    async act(workflowId, action, request) {
      await wake();
      return actOnRun({ client, queues: queues(), workflowId, request }, action);
    },
    async start(run) {
      await wake();
      return startRun(run);
    },
    batchSize: (batchId) => readBatchSize(client, batchId, batches),
    async retryBatch(batchId) {
      await wake();
      const { how } = await retryFailedRows(client, batchId);
      return { message: how === "finished" ? "No row has failed." : "The failed rows run again. The same `rlm batch run` command adds their results to its file." };
    },
    schedules: async () => ((await askServer()) ? listSchedules(client) : []),
    async actOnSchedule(scheduleId, asked, who) {
      await wake();
      await controlSchedule(client, scheduleId, asked.action === "trigger" || asked.action === "backfill" ? asked : { action: asked.action, note: `${who}${asked.why ? `: ${asked.why}` : ""}` });
      return { message: DONE[asked.action] };
    },
    costs: () => costs.look(),
  };
}

const DONE = { pause: "Paused: nothing starts until it is resumed.", resume: "It goes on.", trigger: "A run starts now.", backfill: "The runs of that time start, one after another." };

/** Looks of several pages are one look, and the next begins a while after it has ended. */
const LIST_AGE_MS = 1000;

function shared(look: () => Promise<RunSnapshot>, ageMs: number): () => Promise<RunSnapshot> {
  let last: Promise<RunSnapshot> | null = null;
  let staleAtMs = Infinity;
  return () => {
    if (last !== null && Date.now() < staleAtMs) return last;
    staleAtMs = Infinity;
    last = look();
    last.then(() => { staleAtMs = Date.now() + ageMs; }, () => { last = null; });
    return last;
  };
}

/** @param known records that were looked at before: what is in them is not read again */
async function readBatchSize({ store }: RunClient, batchId: string, known: Map<string, BatchRecords>): Promise<number | null> {
  const records = known.get(batchId) ?? new BatchRecords(store, batchId);
  known.set(batchId, records);
  await records.look();
  return records.start?.rows ?? null;
}

async function readVariables(client: RunClient, workflowId: string): Promise<readonly VariableRow[]> {
  const { variablesRef } = (await readManifest(client.store, workflowId)) ?? (await viewRun(client, workflowId));
  if (variablesRef === null) return [];
  const variables = await getRecord<VariableDescription[]>(client.store, variablesRef);
  return variables.map(({ name, type, length, preview }) => ({ name, type, length, preview }));
}
