import type { ModelCapabilities } from "../core/model-settings.js";
import type { ModelMessage } from "./model-client.js";

/** The messages as the model takes them: where it has no system messages, their text goes in front of the first user message. */
export function placeSystemMessages(messages: readonly ModelMessage[], capabilities: ModelCapabilities | undefined): readonly ModelMessage[] {
  if (capabilities?.systemMessages !== false) return messages;
  const system = messages.filter(({ role }) => role === "system").map(({ content }) => content);
  const others = messages.filter(({ role }) => role !== "system");
  const at = others.findIndex(({ role }) => role === "user");
  if (system.length === 0) return others;
  if (at === -1) return [{ role: "user", content: system.join("\n\n") }, ...others];
  return others.map((message, index) => (index === at ? { role: "user", content: [...system, message.content].join("\n\n") } : message));
}
