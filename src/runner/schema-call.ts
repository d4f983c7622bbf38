import { MAX_SCHEMA_REPAIRS } from "../core/schema-repairs.js";
import type { TypeSpec } from "../core/signature.js";
import { NO_RETRIES, type CallRetries, type StoredReply } from "../core/trajectory.js";
import { NO_USAGE, addUsage, type Usage } from "../core/usage.js";
import type { ModelMessage, ModelRequest } from "../model/model-client.js";
import { parseJsonReply } from "../prompts/parse-json-reply.js";
import type { PromptPack } from "../prompts/prompt-pack.js";
import { VALUE_KEY, renderSchemaFaults, renderSchemaRequest } from "../prompts/render-schema-request.js";
import { renderSubCallMessages } from "../prompts/render-sub-call-messages.js";
import { jsonSchemaOfFields } from "../signature/json-schema-of-type.js";
import { checkReply, type ReplyCheck } from "../signature/check-reply.js";
import { addRetries, shortError } from "./failed-tries.js";

/** So much of a useless reply goes back to the model. */
const MAX_QUOTED_CHARS = 20_000;

/** The first request: the prompt, and the wanted type in words; as JSON Schema too where the model is known to keep to one. */
export function schemaRequest(type: TypeSpec, prompt: string, { model, settings, prompts }: Required<Pick<ModelRequest, "model" | "settings">> & { readonly prompts: PromptPack }): ModelRequest {
  const keeps = settings.capabilities?.jsonSchema === true;
  const messages = renderSubCallMessages(`${prompt}\n\n${renderSchemaRequest(type, keeps)}`, prompts);
  if (!keeps) return { model, settings, messages };
  return { model, settings, messages, responseSchema: jsonSchemaOfFields([{ name: VALUE_KEY, type }]) };
}

/** What became of a call with a schema: the value, or why there is none. `usage` covers the repairs too, and each of them is a retry. */
export type SchemaOutcome = Pick<StoredReply, "outcome" | "model" | "usage"> & { readonly retries: CallRetries };

/**
 * Asks for a value of a type, checks the reply and has it repaired.
 *
 * @param ask one model call; the same attempt (from 1) gives the same stored reply, so nothing is paid twice
 */
export async function askForValue(type: TypeSpec, messages: readonly ModelMessage[], ask: (messages: readonly ModelMessage[], attempt: number) => Promise<StoredReply>): Promise<SchemaOutcome> {
  let conversation = messages;
  let usage: Usage = NO_USAGE;
  let retries = NO_RETRIES;
  for (let attempt = 1; ; attempt += 1) {
    const reply = await ask(conversation, attempt);
    usage = addUsage(usage, reply.usage);
    retries = addRetries(retries, reply.retries ?? NO_RETRIES);
    const { model, outcome } = reply;
    if (!("text" in outcome)) return { outcome, model, usage, retries };
    const checked = checkText(type, outcome.text);
    if (checked.ok) return { outcome: { json: checked.json }, model, usage, retries };
    const faults = outcome.finishReason === "length" ? ["the reply was cut off at the model's output limit: make it shorter", ...checked.faults] : checked.faults;
    if (attempt > MAX_SCHEMA_REPAIRS) {
      const message = `no reply of ${attempt} fitted the schema: ${faults.join("; ")}`.slice(0, 1000);
      return { outcome: { error: { kind: "schema", message } }, model, usage, retries };
    }
    retries = addRetries(retries, { count: 1, lastError: shortError(`the reply did not fit the schema: ${faults.join("; ")}`) });
    const said = outcome.text.trim() === "" ? "(empty reply)" : outcome.text.slice(0, MAX_QUOTED_CHARS);
    conversation = [...messages, { role: "assistant", content: said }, { role: "user", content: renderSchemaFaults(faults) }];
  }
}

/** Where a text is wanted, a reply that is no JSON is that text. */
function checkText(type: TypeSpec, text: string): ReplyCheck {
  const json = parseJsonReply(text);
  if (json !== null) {
    const checked = checkReply(type, json, VALUE_KEY);
    if (checked.ok || type.kind !== "str") return checked;
  }
  if (type.kind === "str" && text.trim() !== "") return { ok: true, json: JSON.stringify(text.trim()) };
  return { ok: false, faults: ["there was no JSON value in it"] };
}
