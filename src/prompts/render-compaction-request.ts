import type { ConversationMessage } from "./render-conversation.js";

/** Asks the root model itself: its conversation so far is the beginning of the request, so that the provider's prompt cache covers it. */
const REQUEST = `This conversation is getting long. Summarize it now for yourself; the messages above will be replaced by your summary, and you go on from there. Reply with the summary only, no code block. Say, in at most 400 words:
- what you found out about the inputs: structure, sizes, formats;
- what was done, what came out of it (numbers, names, exact values), and what turned out wrong;
- which variables and functions you made that matter, and what each holds;
- what operators of this run asked for, word by word;
- what is left to do.`;

/** The request for a summary of a conversation that ends with a user message. */
export function renderCompactionRequest(conversation: readonly ConversationMessage[]): readonly ConversationMessage[] {
  const last = conversation.at(-1);
  if (last === undefined || last.role !== "user") throw new Error("A conversation ends with what the model was shown.");
  return [...conversation.slice(0, -1), { role: "user", content: `${last.content}\n\n${REQUEST}` }];
}

/** Takes the place of a summary that the model did not give: what it said itself, shortened. */
export function renderPlainSummary(turns: readonly { readonly turn: number; readonly reasoning: string; readonly observation: string }[]): string {
  return turns.map(({ turn, reasoning, observation }) => `Turn ${turn}: ${shorten(reasoning, 300)}\nOutput: ${shorten(observation, 300)}`).join("\n\n");
}

function shorten(text: string, chars: number): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= chars ? line || "(nothing)" : `${line.slice(0, chars)}…`;
}
