import { extractCell } from "../src/core/fences.js";
import { findModelSettings } from "../src/core/model-settings.js";
import type { PlanRecord, TurnRecord } from "../src/core/trajectory.js";
import type { PlanArgs, PlanResult } from "../src/core/wire.js";
import { callKey, sha256 } from "../src/journal/call-key.js";
import { putRecord } from "../src/journal/records.js";
import { renderStateLine } from "../src/prompts/render-state-line.js";
import { renderTurnMessage } from "../src/prompts/render-turn-message.js";
import { ModelCallError } from "../src/model/errors.js";
import { loadConversation } from "./conversation.js";
import type { CallDeps } from "./deps.js";
import type { ActivityScope } from "./with-context.js";

/** The root model's call of a turn, and the cell found in its reply. A reply without a cell costs a turn: the model is told what is expected. */
export async function planTurn({ store, caller, nowMs }: CallDeps, args: PlanArgs, { signal, progress }: ActivityScope): Promise<PlanResult> {
  const { run, turn } = args;
  const steers = await Promise.all(args.steers.map(async ({ textRef }) => Buffer.from(await store.get(textRef.digest)).toString("utf8")));
  const { spec, messages } = await loadConversation(store, args, steers);
  const { root, settings } = spec.models;
  const request = { model: root, messages, settings: findModelSettings(settings, root) };
  const key = callKey({ runUid: run.runUid, turn, seq: "root", index: 0 }, sha256(JSON.stringify(request)));
  const onProgress = (receivedChars: number): void => progress({ receivedChars });
  const reply = await caller.call({ scope: { runUid: run.runUid, turn, seq: "root" }, key, request, rejectionIsOutcome: false }, { signal, onProgress });
  const { outcome } = reply;
  if (!("text" in outcome)) throw new ModelCallError("error" in outcome ? outcome.error.message : "the reply is not one of a model", "rejected", "bad_request");

  const { text, finishReason } = outcome;
  const cell = extractCell(text, finishReason);
  const { model, usage, startedAtMs, durationMs } = reply;
  const { keptReply, reasoning, code } = cell;
  const notices = cell.code === null ? [] : cell.notices;
  const plan: PlanRecord = { v: 1, runUid: run.runUid, turn, steers, reply: text, keptReply, reasoning, code, notices, model, usage, startedAtMs, durationMs };
  const planRef = await putRecord(store, plan);
  if (cell.code !== null) return { planRef, hasCode: true, trajectoryRef: null, usage };

  const { llmCallsUsed, maxIterations, maxLlmCalls } = args.budget;
  const stateLine = renderStateLine({ turn, maxIterations, llmCallsUsed, maxLlmCalls, changed: [], restored: [] });
  const record: TurnRecord = {
    v: 1,
    turn,
    prev: args.trajectoryRef,
    planRef,
    observation: cell.notice,
    message: renderTurnMessage({ observation: cell.notice, notices: [], stateLine }),
    error: null,
    submitFaults: [],
    packHead: null,
    snapshotRef: null,
    finishedAtMs: nowMs(),
    cellMs: 0,
  };
  return { planRef, hasCode: false, trajectoryRef: await putRecord(store, record), usage };
}
