/** By these words of the root script's prompt the scripted sub-model knows that it is asked. */
export const SUB_PROMPT_MARK = "unusual lines that one service wrote to its log";

export interface WindowPrompt {
  readonly service: string;
  readonly otherServices: readonly string[];
  readonly lines: readonly string[];
}

/** Reads a sub-call's prompt back; `null` when it is not one of the root script's. */
export function parseWindowPrompt(prompt: string): WindowPrompt | null {
  if (!prompt.includes(SUB_PROMPT_MARK)) return null;
  const service = /^Service: (\S+)$/m.exec(prompt)?.[1];
  const others = /^Other services: (.*)$/m.exec(prompt)?.[1];
  const lines = [...prompt.matchAll(/^\d+\. (.*)$/gm)].map((match) => match[1] ?? "");
  return service === undefined || others === undefined || lines.length === 0 ? null : { service, otherServices: others.split(", "), lines };
}
