import { findModelSettings } from "../src/core/model-settings.js";
import type { ExtractArgs, ExtractResult } from "../src/core/wire.js";
import { callKey, sha256 } from "../src/journal/call-key.js";
import { parseExtractReply } from "../src/prompts/parse-extract-reply.js";
import { renderExtractMessages } from "../src/prompts/render-extract-messages.js";
import { checkOutputs } from "../src/signature/check-outputs.js";
import { loadConversation } from "./conversation.js";
import type { CallDeps } from "./deps.js";
import type { ActivityScope } from "./with-context.js";

/** A limit was reached: one call reads the trajectory and gives the outputs as one JSON object. No valid object: `outputsRef` is `null`. */
export async function extractOutputs({ store, caller }: CallDeps, args: ExtractArgs, { signal }: ActivityScope): Promise<ExtractResult> {
  const { run, attempt } = args;
  const { spec, turns, messages: conversation } = await loadConversation(store, args);
  const { root, settings } = spec.models;
  const messages = renderExtractMessages({ signature: spec.signature, conversation });
  const request = { model: root, messages, settings: findModelSettings(settings, root) };
  const scope = { runUid: run.runUid, turn: turns.length, seq: "extract" as const };
  const key = callKey({ ...scope, index: attempt }, sha256(JSON.stringify(request)));
  const reply = await caller.call({ scope, key, request, rejectionIsOutcome: true }, { signal });
  const json = "text" in reply.outcome ? parseExtractReply(reply.outcome.text) : null;
  const checked = json === null ? null : checkOutputs(spec.signature, json);
  const outputsRef = checked?.ok === true ? await store.put(Buffer.from(checked.json, "utf8")) : null;
  return { outputsRef, usage: reply.usage };
}
