export interface TurnMessageParts {
  /** What the cell showed, or why nothing ran; already truncated. */
  readonly observation: string;
  /** renderStateLine. */
  readonly stateLine: string;
  /** About the form of the reply, from extractCell. */
  readonly notices: readonly string[];
}

/** The user message that answers a reply of the root model: observation, notes on the reply's form, state. Rendered once and kept. */
export function renderTurnMessage({ observation, stateLine, notices }: TurnMessageParts): string {
  const notes = notices.map((notice) => `Note: ${notice}`);
  return [heading(observation), ...notes, stateLine].filter((part) => part !== "").join("\n\n");
}

/** A text that stands for a cell that did not run speaks for itself. */
function heading(observation: string): string {
  if (observation.trim() === "") return "";
  return observation.startsWith("[Error]") ? observation : `Output:\n${observation}`;
}
