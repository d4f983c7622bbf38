import { findModelSettings } from "../src/core/model-settings.js";
import type { RunSpec } from "../src/core/run-spec.js";
import type { StoredReply } from "../src/core/trajectory.js";
import type { ExtractArgs, ExtractResult } from "../src/core/root-call-wire.js";
import { callKey, sha256 } from "../src/journal/call-key.js";
import type { ModelMessage } from "../src/model/model-client.js";
import { parseExtractReply } from "../src/prompts/parse-extract-reply.js";
import { renderExtractFaults } from "../src/prompts/render-extract-faults.js";
import { renderExtractMessages } from "../src/prompts/render-extract-messages.js";
import { rootPack } from "../src/prompts/root-prompts.js";
import { checkOutputs, type OutputCheck } from "../src/signature/check-outputs.js";
import { loadConversation, messagesOf } from "./conversation.js";
import type { CallDeps } from "./deps.js";
import type { ActivityScope } from "./with-context.js";

/**
 * A limit was reached: one call reads the trajectory and gives the outputs as one JSON object. No valid object: `outputsRef` is `null`, and the next
 * attempt is told what was wrong.
 */
export async function extractOutputs(deps: CallDeps, args: ExtractArgs, { signal }: ActivityScope): Promise<ExtractResult> {
  const loaded = await loadConversation(deps.store, args);
  const { spec, turns } = loaded;
  const ask = (messages: readonly ModelMessage[], attempt: number): Promise<StoredReply> => callExtract(deps, args, spec, { messages, attempt, turn: turns.length, signal });
  let messages: readonly ModelMessage[] = renderExtractMessages({ signature: spec.signature, conversation: messagesOf(loaded), pack: rootPack(spec) });
  let reply = await ask(messages, 1);
  for (let attempt = 2; attempt <= args.attempt; attempt += 1) {
    // Earlier attempts are answered from the store.
    messages = [...messages, { role: "assistant", content: textOf(reply) }, { role: "user", content: renderExtractFaults(faultsOf(spec, reply)) }];
    reply = await ask(messages, attempt);
  }
  const checked = check(spec, reply);
  const outputsRef = checked?.ok === true ? await deps.store.put(Buffer.from(checked.json, "utf8")) : null;
  return { outputsRef, usage: reply.usage };
}

interface ExtractCall {
  readonly messages: readonly ModelMessage[];
  readonly attempt: number;
  readonly turn: number;
  readonly signal: AbortSignal;
}

function callExtract({ caller }: CallDeps, { run }: ExtractArgs, { models }: RunSpec, { messages, attempt, turn, signal }: ExtractCall): Promise<StoredReply> {
  const request = { model: models.root, messages, settings: findModelSettings(models.settings, models.root) };
  const scope = { runUid: run.runUid, turn, seq: "extract" as const };
  const key = callKey({ ...scope, index: attempt }, sha256(JSON.stringify(request)));
  return caller.call({ scope, key, request, rejectionIsOutcome: true }, { signal });
}

function check({ signature }: RunSpec, reply: StoredReply): OutputCheck | null {
  const json = parseExtractReply(textOf(reply));
  return json === null ? null : checkOutputs(signature, json);
}

function faultsOf(spec: RunSpec, reply: StoredReply): readonly string[] {
  const checked = check(spec, reply);
  if (checked === null) return ["there was no JSON object in it"];
  return checked.ok ? [] : checked.faults;
}

function textOf({ outcome }: StoredReply): string {
  return "text" in outcome ? outcome.text : "";
}
