import { extractCell } from "../src/core/fences.js";
import { findModelSettings } from "../src/core/model-settings.js";
import { isDirect } from "../src/core/run-spec.js";
import type { Compaction, PlanRecord, StoredReply, TurnRecord } from "../src/core/trajectory.js";
import { addUsage, NO_USAGE } from "../src/core/usage.js";
import type { PlanArgs, PlanResult } from "../src/core/root-call-wire.js";
import { callKey, sha256 } from "../src/journal/call-key.js";
import { putRecord } from "../src/journal/records.js";
import { ModelCallError } from "../src/model/errors.js";
import { renderStateLine } from "../src/prompts/render-state-line.js";
import { renderTurnMessage } from "../src/prompts/render-turn-message.js";
import { canCompact, compactIfTooLong, plainCompaction } from "./compact-conversation.js";
import { loadConversation, messagesOf } from "./conversation.js";
import type { CallDeps } from "./deps.js";
import { finishDirectTurn } from "./plan-direct.js";
import type { Conversation } from "./told-turns.js";
import type { ActivityScope } from "./with-context.js";

/** The root model's call of a turn, and the cell found in its reply. A reply without a cell costs a turn: the model is told what is expected. */
export async function planTurn(deps: CallDeps, args: PlanArgs, scope: ActivityScope): Promise<PlanResult> {
  const { store, nowMs, observe } = deps;
  const { run, turn } = args;
  const steers = await Promise.all(args.steers.map(async ({ textRef }) => Buffer.from(await store.get(textRef.digest)).toString("utf8")));
  const conversation = await loadConversation(store, args, steers);
  const { reply, compaction } = await askRoot(deps, args, conversation, scope);
  const { outcome } = reply;
  if (!("text" in outcome)) throw new ModelCallError("error" in outcome ? outcome.error.message : "the reply is not one of a model", "rejected", "bad_request");

  if (isDirect(conversation.spec)) return finishDirectTurn(deps, args, conversation.spec, steers, { ...reply, outcome });
  const { text, finishReason } = outcome;
  const cell = extractCell(text, finishReason);
  const { model, startedAtMs, durationMs } = reply;
  const { keptReply, reasoning, code } = cell;
  const notices = cell.code === null ? [] : cell.notices;
  const usage = addUsage(reply.usage, compaction?.usage ?? NO_USAGE);
  const plan: PlanRecord = { v: 1, runUid: run.runUid, turn, steers, compaction, reply: text, keptReply, reasoning, code, notices, model, usage: reply.usage, startedAtMs, durationMs };
  const planRef = await putRecord(store, plan);
  if (cell.code !== null) return { planRef, hasCode: true, trajectoryRef: null, usage };

  const stateLine = renderStateLine({ budget: { ...args.budget, turn }, hasTools: (conversation.spec.tools ?? []).length > 0, changed: [], restored: [] });
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
    beforeRef: null,
    committed: false,
    replay: null,
    finishedAtMs: nowMs(),
    cellMs: 0,
  };
  const trajectoryRef = await putRecord(store, record);
  observe?.({ type: "turn", runUid: run.runUid, turn, end: "no-code", startedAtMs, plannedAtMs: startedAtMs + durationMs, finishedAtMs: record.finishedAtMs, cellMs: 0 });
  return { planRef, hasCode: false, trajectoryRef, usage };
}

interface RootAnswer {
  readonly reply: StoredReply;
  /** Made for this call; `null`: none. */
  readonly compaction: Compaction | null;
}

/** A conversation that the provider finds too long, whatever was estimated, is cut without another word from the model. */
async function askRoot(deps: CallDeps, args: PlanArgs, conversation: Conversation, scope: ActivityScope): Promise<RootAnswer> {
  const { runUid } = args.run;
  const compaction = await compactIfTooLong(deps, conversation, { runUid, turn: args.turn, signal: scope.signal });
  const asked: Conversation = compaction === null ? conversation : { ...conversation, compaction };
  try {
    return { reply: await callRoot(deps, args, asked, scope), compaction };
  } catch (error) {
    if (!(error instanceof ModelCallError) || error.kind !== "context_length" || !canCompact(asked)) throw error;
    const cut = plainCompaction(asked);
    return { reply: await callRoot(deps, args, { ...asked, compaction: cut }, scope), compaction: cut };
  }
}

function callRoot({ caller }: CallDeps, { run, turn }: PlanArgs, conversation: Conversation, { signal, progress }: ActivityScope): Promise<StoredReply> {
  const { root, settings } = conversation.spec.models;
  const request = { model: root, messages: messagesOf(conversation), settings: findModelSettings(settings, root) };
  const scope = { runUid: run.runUid, turn, seq: "root" as const };
  const key = callKey({ ...scope, index: 0 }, sha256(JSON.stringify(request)));
  const onProgress = (receivedChars: number): void => progress({ receivedChars });
  return caller.call({ scope, key, request, rejectionIsOutcome: false }, { signal, onProgress });
}
