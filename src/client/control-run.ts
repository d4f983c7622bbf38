import {
  BUDGET_UPDATE, MAX_STEER_BYTES, PAUSE_UPDATE, RESUME_UPDATE, STEER_UPDATE,
  type BudgetChange, type BudgetRequest, type ControlAck, type ControlRequest, type SteerRequest,
} from "../core/control-wire.js";
import { modelsWithoutPrice } from "../core/model-settings.js";
import type { RunSpec } from "../core/run-spec.js";
import { getRecord } from "../journal/records.js";
import { ControlRefusedError } from "./errors.js";
import { viewRun } from "./follow-run.js";
import type { RunClient } from "./run-client.js";
import { sendUpdate } from "./send-update.js";

/**
 * Stops a run before its next step; calls that are under way are finished and kept. `changed: false`: it was paused already.
 * @throws what `sendUpdate` throws
 */
export function pauseRun(client: RunClient, workflowId: string, request: ControlRequest): Promise<ControlAck> {
  return sendUpdate(client, workflowId, PAUSE_UPDATE, request);
}

/**
 * Lets a paused run go on. `changed: false`: it was not paused.
 * @throws what `sendUpdate` throws
 */
export function resumeRun(client: RunClient, workflowId: string, request: ControlRequest): Promise<ControlAck> {
  return sendUpdate(client, workflowId, RESUME_UPDATE, request);
}

/**
 * Sends the root model a message that it sees in its next turn.
 * @param text at most 32 KiB of UTF-8: it is part of every later prompt
 * @throws what `sendUpdate` throws
 */
export async function steerRun(client: RunClient, workflowId: string, text: string, request: ControlRequest): Promise<ControlAck> {
  const bytes = Buffer.from(text.trim(), "utf8");
  // Before anything is stored.
  if (bytes.byteLength === 0) throw new ControlRefusedError(workflowId, STEER_UPDATE, "The message is empty.");
  if (bytes.byteLength > MAX_STEER_BYTES) {
    throw new ControlRefusedError(workflowId, STEER_UPDATE, `The message has ${bytes.byteLength} bytes; at most ${MAX_STEER_BYTES} are taken. It becomes part of every later prompt: make it short.`);
  }
  const steer: SteerRequest = { ...request, textRef: await client.store.put(bytes) };
  return sendUpdate(client, workflowId, STEER_UPDATE, steer);
}

/**
 * Changes limits of an open run; one that is blocked at a limit goes on.
 * @throws what `sendUpdate` throws
 */
export async function changeBudget(client: RunClient, workflowId: string, limits: BudgetChange, request: ControlRequest): Promise<ControlAck> {
  if (limits.budgetUsd !== undefined && limits.budgetUsd !== null) await requirePrices(client, workflowId);
  const budget: BudgetRequest = { ...request, limits };
  return sendUpdate(client, workflowId, BUDGET_UPDATE, budget);
}

/** Money can be limited only where every model's price is known. */
async function requirePrices(client: RunClient, workflowId: string): Promise<void> {
  const { specRef } = await viewRun(client, workflowId);
  if (specRef === null) return;
  const unknown = modelsWithoutPrice((await getRecord<RunSpec>(client.store, specRef)).models);
  if (unknown.length > 0) throw new ControlRefusedError(workflowId, BUDGET_UPDATE, `A budget in money needs the price of ${unknown.join(", ")}, which this run does not know. Limit tokens instead.`);
}
