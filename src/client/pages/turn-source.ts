import type { BlobRef } from "../../core/blob-ref.js";
import type { PlanRecord, TurnRecord } from "../../core/trajectory.js";
import { getRecord, readTurnChain } from "../../journal/records.js";
import { viewRun } from "../follow-run.js";
import { readManifest } from "../read-manifest.js";
import type { RunClient } from "../run-client.js";

/** Where the turns of a run hang; the fields of a manifest or a view that reading them needs. */
export interface TurnAnchor {
  readonly trajectoryRef: BlobRef | null;
  /** Of the turn under way; `null` between turns and in a closed run. */
  readonly planRef: BlobRef | null;
  readonly packHead: BlobRef | null;
}

/** A turn as stored; `record` is `null` for the turn under way. */
export interface SourcedTurn {
  readonly plan: PlanRecord;
  readonly record: TurnRecord | null;
  /** Newest suspension of its cell. */
  readonly packHead: BlobRef | null;
}

/**
 * Where the turns of a run hang now: of a closed run from its manifest, else from the history. Needs no worker.
 * @throws RunNotFoundError
 */
export async function findTurns(client: RunClient, workflowId: string): Promise<TurnAnchor> {
  const manifest = await readManifest(client.store, workflowId);
  return manifest === null ? viewRun(client, workflowId) : { trajectoryRef: manifest.trajectoryRef, planRef: null, packHead: null };
}

/** The turns from number `from` on, oldest first, the one under way included. */
export async function sourceTurns({ store }: Pick<RunClient, "store">, anchor: TurnAnchor, from = 1): Promise<readonly SourcedTurn[]> {
  const stored = (await readTurnChain(store, anchor.trajectoryRef)).filter(({ record }) => record.turn >= from);
  const turns: SourcedTurn[] = await Promise.all(
    stored.map(async ({ record }) => ({ plan: await getRecord<PlanRecord>(store, record.planRef), record, packHead: record.packHead })),
  );
  if (anchor.planRef === null) return turns;
  return [...turns, { plan: await getRecord<PlanRecord>(store, anchor.planRef), record: null, packHead: anchor.packHead }];
}
