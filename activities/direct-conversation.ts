import type { BlobRef } from "../src/core/blob-ref.js";
import type { DirectSpec, RunInputDescriptor, RunSpec } from "../src/core/run-spec.js";
import type { StoredReply, TurnRecord } from "../src/core/trajectory.js";
import { readPackHeader } from "../src/journal/pack.js";
import { ReplyStore } from "../src/journal/reply-store.js";
import { renderDirectInputs, renderDirectSystemMessage, renderToolResults } from "../src/prompts/render-direct-messages.js";
import type { BlobStore } from "../src/store/blob-store.js";
import { loadTurns, type Conversation, type ConversationArgs } from "./told-turns.js";

/** The conversation of a strategy without a sandbox: the inputs stand in it, and what tools returned. */
export async function loadDirectConversation(store: BlobStore, spec: DirectSpec, args: ConversationArgs, steers: readonly string[]): Promise<Conversation> {
  const [inputs, turns] = await Promise.all([Promise.all(spec.inputs.map((input) => readInput(store, input))), loadTurns(store, args.trajectoryRef)]);
  const told = await Promise.all(turns.map(async (turn) => ({ ...turn, record: await withToolResults(store, spec, turn.plan.runUid, turn.record) })));
  const { strategy, signature, tools = [] } = spec;
  const system = renderDirectSystemMessage({ strategy, signature, tools });
  return { spec, system, opening: renderDirectInputs(inputs), turns: told, steers, compaction: null };
}

async function readInput(store: BlobStore, { name, ref }: RunInputDescriptor): Promise<{ readonly name: string; readonly text: string }> {
  return { name, text: Buffer.from(await store.get(ref.digest)).toString("utf8") };
}

/** The record of a turn with calls was written before they were made; what they returned is found under their keys. */
async function withToolResults(store: BlobStore, { limits }: RunSpec, runUid: string, record: TurnRecord): Promise<TurnRecord> {
  if (record.packHead === null) return record;
  const header = await readPackHeader(store, record.packHead);
  const keys = header.calls.map(({ key }) => key);
  const { byKey } = await new ReplyStore(store).find({ runUid, turn: header.turn, seq: header.seq }, keys);
  const results = header.calls.toSorted((a, b) => a.slot - b.slot).map(async ({ key, name }) => {
    const reply = byKey.get(key);
    return { tool: name ?? "a tool", text: reply === undefined ? null : shorten(await textOf(store, reply), limits.maxOutputChars) };
  });
  return { ...record, message: renderToolResults(await Promise.all(results)) };
}

async function textOf(store: BlobStore, { outcome }: StoredReply): Promise<string> {
  if ("text" in outcome) return outcome.text;
  if ("json" in outcome) return outcome.json;
  if ("jsonRef" in outcome) return readText(store, outcome.jsonRef);
  return `[Error] ${outcome.error.message}`;
}

async function readText(store: BlobStore, ref: BlobRef): Promise<string> {
  return Buffer.from(await store.get(ref.digest)).toString("utf8");
}

function shorten(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const half = Math.floor(maxChars / 2);
  return `${text.slice(0, half)}\n… ${text.length - 2 * half} characters left out …\n${text.slice(-half)}`;
}
