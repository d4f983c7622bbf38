import type { BlobRef } from "../src/core/blob-ref.js";
import type { VariableDescription } from "../src/core/cell.js";
import type { RunSpec } from "../src/core/run-spec.js";
import type { PlanRecord } from "../src/core/trajectory.js";
import { getRecord, readTurnChain, type StoredTurn } from "../src/journal/records.js";
import type { ModelMessage } from "../src/model/model-client.js";
import { renderConversation } from "../src/prompts/render-conversation.js";
import { rootPack, systemMessageOf } from "../src/prompts/root-prompts.js";
import type { BlobStore } from "../src/store/blob-store.js";

export interface LoadedConversation {
  readonly spec: RunSpec;
  readonly turns: readonly StoredTurn[];
  /** System message, then the model's replies and what it was shown, oldest first. It only ever grows: providers' prompt caches hit. */
  readonly messages: readonly ModelMessage[];
}

/** Where a conversation is found. */
export interface ConversationArgs {
  readonly specRef: BlobRef;
  readonly variablesRef: BlobRef;
  readonly trajectoryRef: BlobRef | null;
}

/** The root model's conversation so far, from the chain of turn records. @param steers what operators say before the next turn */
export async function loadConversation(store: BlobStore, args: ConversationArgs, steers: readonly string[] = []): Promise<LoadedConversation> {
  const [spec, variables, turns] = await Promise.all([
    getRecord<RunSpec>(store, args.specRef),
    getRecord<readonly VariableDescription[]>(store, args.variablesRef),
    readTurnChain(store, args.trajectoryRef),
  ]);
  const plans = await Promise.all(turns.map(({ record }) => getRecord<PlanRecord>(store, record.planRef)));
  const system = systemMessageOf(spec, variables);
  const exchanges = turns.map(({ record }, i) => ({ reply: plans[i]?.keptReply ?? "", observationMessage: record.message, steers: plans[i]?.steers ?? [] }));
  return { spec, turns, messages: renderConversation({ system, opening: rootPack(spec).opening, turns: exchanges, steers }) };
}
