import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import type { ModelRequest } from "../../src/model/model-client.js";
import { createOpenAiResponsesClient } from "../../src/model/openai-responses-client.js";
import { startScriptedModelServer } from "../../src/testing/index.js";
import { ask, failureOf } from "./scripted.js";

it("sends the conversation, the model's own name, cap and parameters, the call key, and keeps nothing on the server", async () => {
  await using server = await rawServer(() => document({ text: "four" }));
  const settings = { model: "wire-name", maxOutputTokens: 77, parameters: { reasoning: { effort: "low" } } };
  const request: ModelRequest = { model: "registered", messages: [{ role: "system", content: "S" }, { role: "user", content: "U" }, { role: "assistant", content: "A" }, { role: "user", content: "V" }], settings };
  const reply = await createOpenAiResponsesClient({ baseURL: server.url, apiKey: "k" }).complete(request, { idempotencyKey: "key-1" });
  expect(reply).toMatchObject({ text: "four", finishReason: "stop", model: "from-server" });
  expect(server.seen[0]).toMatchObject({
    path: "/v1/responses", key: "Bearer k", idempotencyKey: "key-1",
    body: { model: "wire-name", input: request.messages, max_output_tokens: 77, reasoning: { effort: "low" }, store: false, stream: true },
  });
});

it("counts tokens and money, the cached part of the input at its own price", async () => {
  const rules = [{ name: "one", reply: "ok", usage: { inputTokens: 1_000_000, outputTokens: 500_000, cachedTokens: 400_000 } }];
  await using server = await startScriptedModelServer({ rules });
  const settings = { price: { inputUsdPerMillion: 2, cachedInputUsdPerMillion: 0.5, outputUsdPerMillion: 8 } };
  const { usage } = await createOpenAiResponsesClient({ baseURL: server.url, apiKey: null }).complete({ ...ask("hi"), settings });
  expect(usage).toMatchObject({ inputTokens: 1_000_000, outputTokens: 500_000, cachedTokens: 400_000 });
  expect(usage.costUsd).toBeCloseTo(0.6 * 2 + 0.4 * 0.5 + 0.5 * 8);
  expect(server.ledger()).toMatchObject([{ wire: "responses", stream: true, answered: true }]);
});

it.each([
  ["server_error", "retryable", "server_error"],
  ["rate_limit_exceeded", "retryable", "rate_limited"],
  ["invalid_request_error", "rejected", "bad_request"],
  ["context_length_exceeded", "rejected", "context_length"],
  ["insufficient_quota", "blocked", "quota"],
])("a response that failed with %s is %s", async (code, errorClass, kind) => {
  await using server = await rawServer(() => ({ object: "response", status: "failed", error: { code, message: "no" }, output: [] }));
  expect(await failureOf(createOpenAiResponsesClient({ baseURL: server.url, apiKey: null }).complete(ask("hi")))).toMatchObject({ errorClass, kind });
});

it("leaves thinking out of the text, and gives a refusal where there is no text", async () => {
  const output = [{ type: "reasoning", summary: [{ type: "summary_text", text: "hm" }] }, { type: "message", content: [{ type: "refusal", refusal: "I will not." }] }];
  await using server = await rawServer(() => ({ ...document({ text: "" }), output }));
  expect(await createOpenAiResponsesClient({ baseURL: server.url, apiKey: null }).complete(ask("hi"))).toMatchObject({ text: "I will not.", finishReason: "stop" });
});

function document({ text }: { readonly text: string }): object {
  return { object: "response", status: "completed", model: "from-server", error: null, output: [{ type: "message", content: [{ type: "output_text", text }] }] };
}

interface Seen {
  readonly path: string | undefined;
  readonly key: string | undefined;
  readonly idempotencyKey: unknown;
  readonly body: unknown;
}

async function rawServer(answer: () => object): Promise<AsyncDisposable & { url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let raw = "";
    request.on("data", (part: Buffer) => (raw += part.toString()));
    request.on("end", () => {
      seen.push({ path: request.url, key: request.headers.authorization, idempotencyKey: request.headers["idempotency-key"], body: JSON.parse(raw) });
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): Promise<void> => new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, seen, [Symbol.asyncDispose]: close };
}
