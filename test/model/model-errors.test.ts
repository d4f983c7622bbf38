import { describe, expect, it } from "vitest";
import { createOpenAiModelClient } from "../../src/model/openai-model-client.js";
import type { ScriptedFault } from "../../src/testing/index.js";
import { startScriptedModelServer } from "../../src/testing/index.js";
import { ask, failureOf, SECRET_KEY, withServer } from "./scripted.js";

const fail = (fault: ScriptedFault) => withServer({ reply: "a good answer of some length", fault }, (client) => failureOf(client.complete(ask("hi"))));
const error = (code: string | null, message: string, type = "invalid_request_error") => ({ error: { code, message, type } });

const CASES: readonly (readonly [title: string, status: number, body: object | undefined, errorClass: string, kind: string])[] = [
  ["408", 408, undefined, "retryable", "timeout"],
  ["409", 409, undefined, "retryable", "server_error"],
  ["429", 429, undefined, "retryable", "rate_limited"],
  ["500", 500, undefined, "retryable", "server_error"],
  ["503", 503, undefined, "retryable", "server_error"],
  ["a spent quota (429)", 429, error("insufficient_quota", "You exceeded your current quota"), "blocked", "quota"],
  ["a limit a minute that speaks of quota", 429, error(null, "You exceeded your current quota, retry in 30s"), "retryable", "rate_limited"],
  ["no credits left (402)", 402, error("402", "Insufficient credits"), "blocked", "quota"],
  ["401", 401, error("invalid_api_key", "Incorrect API key provided"), "blocked", "credentials"],
  ["403", 403, undefined, "blocked", "credentials"],
  ["a wrong key at Gemini (400)", 400, error(null, "API key not valid. Please pass a valid API key."), "blocked", "credentials"],
  ["400", 400, error("unsupported_value", "temperature is not supported"), "rejected", "bad_request"],
  ["404", 404, error(null, "no such path"), "rejected", "bad_request"],
  ["an unknown model", 404, error("model_not_found", "The model `x` does not exist"), "rejected", "model_not_found"],
  ["an unknown model without a code", 400, error(null, "foo/bar is not a valid model ID"), "rejected", "model_not_found"],
  ["422", 422, error(null, "messages.0.content: field required"), "rejected", "bad_request"],
  ["413", 413, undefined, "rejected", "context_length"],
  ["context length by code", 400, error("context_length_exceeded", "too much"), "rejected", "context_length"],
  ["context length at vLLM", 400, error(null, "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens"), "rejected", "context_length"],
  ["context length at llama.cpp", 400, error(null, "the request exceeds the available context size, try increasing it"), "rejected", "context_length"],
  ["context length at Anthropic", 400, error(null, "prompt is too long: 212000 tokens > 200000 maximum"), "rejected", "context_length"],
  ["context length at Gemini", 400, error(null, "The input token count (1196265) exceeds the maximum number of tokens allowed (1048575)"), "rejected", "context_length"],
  ["context length at Together", 422, error(null, "The input (9000 tokens) is longer than the model's context length (4096 tokens)."), "rejected", "context_length"],
  ["context length at Groq", 400, error(null, "Please reduce the length of the messages or completion"), "rejected", "context_length"],
  ["a request above the limit a minute", 429, error("rate_limit_exceeded", "Request too large for model: Limit 30000, Requested 50000"), "rejected", "context_length"],
  ["content filter by code", 400, error("content_filter", "The response was filtered"), "rejected", "content_filter"],
  ["content filter by its words", 403, error("403", "your input was flagged"), "rejected", "content_filter"],
];

describe("a failed model call", () => {
  it.each(CASES)("%s has its class", async (_title, status, body, errorClass, kind) => {
    const failure = await fail({ type: "status", status, ...(body && { body }) });
    expect(failure).toMatchObject({ errorClass, kind, details: { status } });
    expect(failure.message).toMatch(/^Model "root" at 127\.0\.0\.1:\d+: (refused the call|failed) \(HTTP \d+, \w+\)\./);
  });

  it("carries how long the server asks to wait", async () => {
    expect((await fail({ type: "status", status: 429, retryAfter: 7 })).details).toEqual({ status: 429, retryAfterMs: 7000 });
    expect((await fail({ type: "status", status: 503, headers: { "retry-after-ms": "250", "retry-after": "9" } })).details.retryAfterMs).toBe(250);
    expect((await fail({ type: "status", status: 400, retryAfter: 7 })).details).toEqual({ status: 400 });
  });

  it.each([
    { type: "truncate" }, { type: "truncate", afterChars: 0 }, { type: "malformed" }, { type: "empty" }, { type: "no_choices" },
  ] as const)("a reply with the fault %o is never an answer", async (fault) => {
    expect(await fail(fault)).toMatchObject({ errorClass: "retryable", kind: "malformed_reply" });
  });

  it.each([{ type: "reset" }, { type: "reset", afterChars: 9 }] as const)("a connection with the fault %o is retryable", async (fault) => {
    expect(await fail(fault)).toMatchObject({ errorClass: "retryable", kind: "network" });
  });

  it("a server that is not there is retryable and named", async () => {
    await using server = await startScriptedModelServer({ rules: [] });
    await server.close();
    const failure = await failureOf(createOpenAiModelClient({ baseURL: server.url, apiKey: null }).complete(ask("hi")));
    expect(failure).toMatchObject({ errorClass: "retryable", kind: "network" });
    expect(failure.message).toContain(`at ${new URL(server.url).host}: the connection failed with ECONNREFUSED`);
  });

  it("is attempted once", async () => {
    await withServer({ reply: "ok", fault: { type: "status", status: 500 } }, async (client, server) => {
      await failureOf(client.complete(ask("hi")));
      expect(server.ledger()).toHaveLength(1);
    });
  });

  it("quotes the server, but neither the prompt nor the key", async () => {
    const prompt = "The patient Johann Gruber was admitted on 3 May with chest pains";
    const failWith = (message: string) => withServer({ reply: "", fault: { type: "status", status: 400, body: error(null, message) } }, (client) => failureOf(client.complete(ask(prompt))));
    expect((await failWith("temperature must be below 2")).message).toContain('The server says: "temperature must be below 2".');
    for (const leak of [`bad input: ${prompt}`, `near 'patient Johann Gruber was admitted on'`, `key ${SECRET_KEY} is not known`, "key sk-abcdef123456 is not known"]) {
      const failure = await failWith(leak);
      expect(`${failure.message} ${failure.stack} ${JSON.stringify(failure)} ${String(failure.cause)}`).not.toMatch(/Gruber|0123456789|sk-abc/);
    }
  });
});

describe("an error inside a stream", () => {
  it.each([
    [{ code: 429, message: "slow down" }, "retryable", "rate_limited"],
    [{ code: "server_error", message: "oops" }, "retryable", "server_error"],
    [{ code: "context_length_exceeded", message: "too long", type: "invalid_request_error" }, "rejected", "context_length"],
    [{ code: "insufficient_quota", message: "pay" }, "blocked", "quota"],
  ])("%o has its class", async (streamed, errorClass, kind) => {
    const body = `data: {"choices":[{"index":0,"delta":{"content":"half"}}]}\n\ndata: ${JSON.stringify({ error: streamed })}\n\n`;
    const fetch = async (): Promise<Response> => new Response(body, { headers: { "content-type": "text/event-stream" } });
    const client = createOpenAiModelClient({ baseURL: "http://127.0.0.1:9/v1", apiKey: null, fetch });
    expect(await failureOf(client.complete(ask("hi")))).toMatchObject({ errorClass, kind });
  });
});
