import { PACK_V1 } from "./pack-v1.js";

/** A message as every chat API takes it. */
export interface ConversationMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface Conversation {
  readonly system: string;
  /** First user message. @default the one of PACK_V1 */
  readonly opening?: string;
  /** Finished turns, oldest first. */
  readonly turns: readonly {
    /** The model's own text, cut after the executed block (`keptReply`). */
    readonly reply: string;
    /** renderTurnMessage. */
    readonly observationMessage: string;
  }[];
}

/**
 * The messages of the next root call. Append-only: the messages of a conversation are the beginning of those of any later state of it, so that a
 * provider's prompt cache covers all but the newest turn.
 */
export function renderConversation({ system, opening = PACK_V1.opening, turns }: Conversation): ConversationMessage[] {
  return [
    { role: "system", content: system },
    { role: "user", content: opening },
    ...turns.flatMap(({ reply, observationMessage }): ConversationMessage[] => [
      // Providers refuse an assistant message without text.
      { role: "assistant", content: reply.trim() === "" ? "(empty reply)" : reply },
      { role: "user", content: observationMessage },
    ]),
  ];
}
