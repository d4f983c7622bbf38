import { defaultPayloadConverter } from "@temporalio/common";
import type { temporal } from "@temporalio/proto";
import { findRefs, findUuids, type FoundRef } from "../../journal/find-refs.js";
import { GRPC_NOT_FOUND, isGrpc } from "../connect-temporal.js";
import type { RunClient } from "../run-client.js";

type Payload = temporal.api.common.v1.IPayload;

export interface HistoryRefs {
  readonly refs: readonly FoundRef[];
  /** Ids in the history, those of the run and its kin among them. */
  readonly uuids: readonly string[];
}

/**
 * What one run of a chain refers to. Every payload of its history counts, whatever it is for: what a later version lets travel is found as well. An
 * earlier run of the chain need not be read: the state that was carried on has what is left of it. Nothing, when the server has forgotten the run.
 */
export async function readHistoryRefs(client: RunClient, workflowId: string, runId: string): Promise<HistoryRefs> {
  const refs: FoundRef[] = [];
  const uuids: string[] = [];
  for await (const payload of historyPayloads(client, workflowId, runId)) {
    const value = decode(payload);
    refs.push(...findRefs(value));
    uuids.push(...findUuids(value));
  }
  return { refs, uuids };
}

async function* historyPayloads(client: RunClient, workflowId: string, runId: string): AsyncGenerator<Payload> {
  const { workflowService, options } = (await client.temporal()).workflow;
  let nextPageToken: Uint8Array | null = null;
  do {
    try {
      const page: temporal.api.workflowservice.v1.IGetWorkflowExecutionHistoryResponse = await workflowService.getWorkflowExecutionHistory({
        namespace: options.namespace,
        execution: { workflowId, runId },
        nextPageToken,
      });
      for (const event of page.history?.events ?? []) yield* payloadsIn(event);
      nextPageToken = page.nextPageToken ?? null;
    } catch (error) {
      if (isGrpc(error, GRPC_NOT_FOUND)) return;
      throw error;
    }
  } while (nextPageToken !== null && nextPageToken.length > 0);
}

/** Payloads are found by their shape, so that no kind of event is forgotten. */
function* payloadsIn(value: unknown): Generator<Payload> {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
  const { metadata, data } = value as Payload;
  if (data instanceof Uint8Array && metadata !== undefined) yield { metadata, data };
  else for (const each of Object.values(value)) yield* payloadsIn(each);
}

/** `null`: of an encoding that is not ours. */
function decode(payload: Payload): unknown {
  try {
    return defaultPayloadConverter.fromPayload(payload);
  } catch {
    return null;
  }
}
