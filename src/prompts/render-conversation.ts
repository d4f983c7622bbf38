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
  /** Stands for the turns before the first of `turns`. @default none */
  readonly summary?: { readonly throughTurn: number; readonly text: string } | null;
  /** Finished turns, oldest first. */
  readonly turns: readonly {
    /** The model's own text, cut after the executed block (`keptReply`). */
    readonly reply: string;
    /** renderTurnMessage. */
    readonly observationMessage: string;
    /** What operators said before this turn. */
    readonly steers: readonly string[];
  }[];
  /** What operators say before the next turn. */
  readonly steers: readonly string[];
}

/**
 * The messages of the next root call. Append-only: until older turns are summarized, the messages of a conversation are the beginning of those of any
 * later state of it, so that a provider's prompt cache covers all but the newest turn.
 */
export function renderConversation({ system, opening = PACK_V1.opening, summary = null, turns, steers }: Conversation): ConversationMessage[] {
  const first = summary === null ? opening : renderSummary(summary);
  const shown = [first, ...turns.map(({ observationMessage }) => observationMessage)];
  return [
    { role: "system", content: system },
    ...shown.flatMap((message, at): ConversationMessage[] => {
      // Some providers refuse two user messages in a row: what operators say ends the one before their turn.
      const user: ConversationMessage = { role: "user", content: withSteers(message, turns[at]?.steers ?? steers) };
      const reply = turns[at]?.reply;
      // Providers refuse an assistant message without text.
      return reply === undefined ? [user] : [user, { role: "assistant", content: reply.trim() === "" ? "(empty reply)" : reply }];
    }),
  ];
}

function renderSummary({ throughTurn, text }: NonNullable<Conversation["summary"]>): string {
  const turns = throughTurn === 1 ? "Turn 1 is" : `Turns 1 to ${throughTurn} are`;
  return `${turns} summarized here to keep this conversation short; in full it is in the variable \`rlm_history\`. All other variables are as you left them.\n\n${text}`;
}

function withSteers(message: string, steers: readonly string[]): string {
  return [message, ...steers.map((text) => `Message from the operator of this run; follow it:\n${text}`)].join("\n\n");
}
