import { log } from "@temporalio/workflow";
import type { BatchInput, BatchOutcome } from "../src/core/batch-wire.js";
import type { BlobRef } from "../src/core/blob-ref.js";
import type { BlockedDetails } from "../src/core/failure-types.js";
import type { BlockedNotice, DeliverySubject } from "../src/core/sink-spec.js";
import type { RunInput, RunKey } from "../src/core/wire.js";
import { startDelivery } from "./start-delivery.js";

type Alerted = Pick<RunInput, "alerts" | "parent" | "tellsEnd" | "queues">;

/** Once an episode: `BlockedGate` tells the first wall of each. The notice travels inline, because the store may be what is out of reach. */
export async function alertBlocked({ workflowId, runUid }: RunKey, input: Alerted, { kind, message }: BlockedDetails): Promise<void> {
  const notice: BlockedNotice = { workflowId, status: "blocked", reason: kind, message: message.slice(0, 300), atMs: Date.now(), parent: input.parent?.workflowId ?? null };
  await alert(input, { event: "run.blocked", id: workflowId, key: `${runUid}-blocked-${notice.atMs}`, notice });
}

/** What a child run came to is its parent's matter, that of a row its batch's. */
export async function alertEnd({ workflowId, runUid }: RunKey, input: Alerted, status: string, manifestRef: BlobRef): Promise<void> {
  if (input.parent !== undefined || input.tellsEnd === false || (status !== "failed" && status !== "degraded")) return;
  await alert(input, { event: `run.${status}`, id: workflowId, key: `${runUid}-${status}`, ref: manifestRef });
}

/** One for all rows. Whoever has cancelled a batch knows of it. */
export async function alertBatch(input: Pick<BatchInput, "alerts" | "queues">, { batchId, counts, stopped }: BatchOutcome, key: string, outcomeRef: BlobRef): Promise<void> {
  const status = counts.failed > 0 || (stopped !== null && stopped !== "cancelled") ? "failed" : counts.degraded > 0 ? "degraded" : null;
  if (status !== null) await alert(input, { event: `batch.${status}`, id: batchId, key: `${key}-${status}`, ref: outcomeRef });
}

async function alert({ alerts = [], queues }: Pick<Alerted, "alerts" | "queues">, subject: DeliverySubject): Promise<void> {
  if (alerts.length === 0) return;
  await startDelivery({ sinks: alerts, subject, llmQueue: queues.llm });
  log.info("alert is on its way", { event: subject.event });
}
