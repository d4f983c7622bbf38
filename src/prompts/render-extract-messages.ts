import type { Signature } from "../core/signature.js";
import { PACK_V1 } from "./pack-v1.js";
import type { PromptPack } from "./prompt-pack.js";
import type { ConversationMessage } from "./render-conversation.js";
import { renderOutputFields } from "./render-outputs.js";

export interface ExtractParts {
  readonly signature: Signature;
  /** renderConversation of all turns. */
  readonly conversation: readonly ConversationMessage[];
  /** @default PACK_V1 */
  readonly pack?: PromptPack;
}

/** The messages of the extract call: the conversation, and at its end the question for one JSON object. Read the reply with parseExtractReply. */
export function renderExtractMessages({ signature, conversation, pack = PACK_V1 }: ExtractParts): ConversationMessage[] {
  const question = `${pack.extract}\n\nReply with one JSON object and nothing else. Its keys:\n${renderOutputFields(signature.outputs)}\nWrite JSON, not Python: null, true, false, double quotes, dates as text.`;
  const last = conversation.at(-1);
  // Two user messages in a row are refused by some servers; the text before the addition stays a cached prefix.
  if (last?.role === "user") return [...conversation.slice(0, -1), { role: "user", content: `${last.content}\n\n${question}` }];
  return [...conversation, { role: "user", content: question }];
}
