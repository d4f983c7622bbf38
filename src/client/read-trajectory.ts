import type { BlobRef } from "../core/blob-ref.js";
import type { PlanRecord, TurnRecord } from "../core/trajectory.js";
import { addUsage, NO_USAGE, type Usage } from "../core/usage.js";
import { getRecord, readTurnChain } from "../journal/records.js";
import { ReplyStore } from "../journal/reply-store.js";
import type { BlobStore } from "../store/blob-store.js";
import { RunNotFoundError } from "./errors.js";
import { viewRun } from "./follow-run.js";
import { readCalls, type ChildReader } from "./read-calls.js";
import { readManifest } from "./read-manifest.js";
import type { RunClient } from "./run-client.js";
import type { TrajectoryCall, TrajectoryDocument, TrajectoryTurn } from "./trajectory-document.js";

/**
 * What the model said and did, turn by turn, of a running or closed run; the turn under way is included as far as it got. Needs no worker, and for
 * closed runs no server.
 * @throws RunNotFoundError
 */
export async function readTrajectory(client: RunClient, workflowId: string): Promise<TrajectoryDocument> {
  const { store } = client;
  const known = (await readManifest(store, workflowId)) ?? (await viewRun(client, workflowId));
  const turns: TrajectoryTurn[] = [];
  const children: ChildReader = { parentId: workflowId, turns: (id) => turnsOf(client, id) };
  for (const { record } of await readTurnChain(store, known.trajectoryRef)) turns.push(await readTurn(store, record, children));
  if ("planRef" in known && known.planRef !== null) turns.push(await readOpenTurn(store, known.planRef, known.packHead, children));
  return { workflowId, turns };
}

/** Of a child run; one that was deleted, or has not begun, is not there. */
async function turnsOf(client: RunClient, workflowId: string): Promise<readonly TrajectoryTurn[] | null> {
  try {
    return (await readTrajectory(client, workflowId)).turns;
  } catch (error) {
    if (error instanceof RunNotFoundError) return null;
    throw error;
  }
}

/** One finished turn. */
async function readTurn(store: BlobStore, record: TurnRecord, children: ChildReader): Promise<TrajectoryTurn> {
  const plan = await getRecord<PlanRecord>(store, record.planRef);
  const calls = await readCalls(store, new ReplyStore(store), plan.runUid, record.packHead, children);
  return turnOf(plan, calls, record.observation, record.finishedAtMs - plan.startedAtMs);
}

async function readOpenTurn(store: BlobStore, planRef: BlobRef, packHead: BlobRef | null, children: ChildReader): Promise<TrajectoryTurn> {
  const plan = await getRecord<PlanRecord>(store, planRef);
  return turnOf(plan, await readCalls(store, new ReplyStore(store), plan.runUid, packHead, children), null, null);
}

function turnOf(plan: PlanRecord, calls: readonly TrajectoryCall[], observation: string | null, ms: number | null): TrajectoryTurn {
  const root = { model: plan.model, usage: addUsage(plan.usage, plan.compaction?.usage ?? NO_USAGE) };
  const usage = calls.reduce((sum: Usage, call) => addUsage(sum, call.usage), root.usage);
  return { turn: plan.turn, reasoning: plan.reasoning, code: plan.code, observation, calls, root, usage, ms };
}
