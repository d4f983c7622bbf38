import { startScriptedModelServer, type ScriptedModelServer, type ScriptedRule } from "../../src/testing/index.js";

export type Message = readonly [role: "system" | "user" | "assistant", content: string];

/** Posts a chat completion the way any client would, without the openai package. */
export function post(url: string, messages: readonly Message[], extra: object = {}, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "m", messages: messages.map(([role, content]) => ({ role, content })), ...extra }),
  });
}

/** The text of the answer, or `status code` of an error. */
export async function textOf(response: Response): Promise<string> {
  const body = (await response.json()) as { choices?: { message: { content: string } }[]; error?: { code: string } };
  return body.choices?.[0]?.message.content ?? `${response.status} ${body.error?.code}`;
}

export async function withRules<T>(rules: readonly ScriptedRule[], use: (server: ScriptedModelServer) => Promise<T>): Promise<T> {
  await using server = await startScriptedModelServer({ rules });
  return await use(server);
}
