import { PACK_V1 } from "./pack-v1.js";
import type { PromptPack } from "./prompt-pack.js";
import type { ConversationMessage } from "./render-conversation.js";

/** The messages of a sub-call: the preamble, and the prompt exactly as the code gave it. */
export function renderSubCallMessages(prompt: string, pack: PromptPack = PACK_V1): ConversationMessage[] {
  return [{ role: "system", content: pack.subCall }, { role: "user", content: prompt }];
}
