import { describe, expect, it } from "vitest";
import { ModelCallError } from "../../src/model/errors.js";
import { createModelRouter } from "../../src/model/model-router.js";
import { createOpenAiResponsesClient } from "../../src/model/openai-responses-client.js";
import { createOpenAiModelClient } from "../../src/model/openai-model-client.js";
import type { ModelClient } from "../../src/model/model-client.js";
import { createMemoryModelClient, startScriptedModelServer } from "../../src/testing/index.js";
import { ask, failureOf } from "./scripted.js";

/** Answers that are not whole. */
const FAULTS = ["truncate", "malformed", "empty", "no_choices"] as const;

type Use = (client: ModelClient) => Promise<void>;

const CLIENTS: readonly (readonly [string, (use: Use) => Promise<void>])[] = [
  ["the memory client", async (use) => {
    await use(createMemoryModelClient((request) => {
      const last = request.messages.at(-1)?.content ?? "";
      if (last === "fail") throw new ModelCallError("scripted", "rejected", "bad_request", { status: 400 });
      if (FAULTS.some((type) => type === last)) throw new ModelCallError("scripted", "retryable", "malformed_reply");
      if (last === "long") return { text: "cut", finishReason: "length" };
      return last === "hang" ? new Promise<string>(() => {}) : `echo ${last}`;
    }, { models: ["root"] }));
  }],
  ["the openai client", (use) => withScripted((baseURL) => createOpenAiModelClient({ baseURL, apiKey: null }), use)],
  ["the openai client without streams", (use) => withScripted((baseURL) => unstreamed(createOpenAiModelClient({ baseURL, apiKey: null })), use)],
  ["the responses client", (use) => withScripted((baseURL) => createOpenAiResponsesClient({ baseURL, apiKey: null }), use)],
  ["the responses client without streams", (use) => withScripted((baseURL) => unstreamed(createOpenAiResponsesClient({ baseURL, apiKey: null })), use)],
  ["the router", (use) => withScripted((baseURL) => createModelRouter({ baseURL, apiKey: null, keyOf: () => null }), use)],
];

const unstreamed = (client: ModelClient): ModelClient => ({
  ...client,
  complete: (request, options) => client.complete({ ...request, settings: { ...request.settings, capabilities: { streaming: false } } }, options),
});

async function withScripted(connect: (baseURL: string) => ModelClient, use: Use): Promise<void> {
    await using server = await startScriptedModelServer({
      models: ["root"],
      rules: [
        { name: "fail", when: { last: /^fail$/ }, reply: "", fault: { type: "status", status: 400 } },
        { name: "hang", when: { last: /^hang$/ }, reply: "", fault: { type: "hang" } },
        ...FAULTS.map((type) => ({ name: type, when: { last: new RegExp(`^${type}$`) }, reply: "a whole answer", fault: { type } })),
        { name: "long", when: { last: /^long$/ }, reply: "cut", finishReason: "length" },
        { name: "echo", reply: (request) => `echo ${request.last}` },
      ],
    });
    await use(connect(server.url));
}

describe.each(CLIENTS)("%s", (_name, withClient) => {
  it("answers with text, finish reason, usage and model", () => withClient(async (client) => {
    expect(await client.complete(ask("hello"))).toMatchObject({ text: "echo hello", finishReason: "stop", model: "root", usage: { cachedTokens: 0 } });
  }));

  it("fails with a ModelCallError", () => withClient(async (client) => {
    expect(await failureOf(client.complete(ask("fail")))).toMatchObject({ errorClass: "rejected", kind: "bad_request", details: { status: 400 } });
  }));

  it.each(FAULTS)("never gives a broken answer (%s) as one", (fault) => withClient(async (client) => {
    expect(await failureOf(client.complete(ask(fault)))).toMatchObject({ errorClass: "retryable", kind: "malformed_reply" });
  }));

  it("says when an answer was cut off by its length", () => withClient(async (client) => {
    expect(await client.complete(ask("long"))).toMatchObject({ text: "cut", finishReason: "length" });
  }));

  it("rejects with the reason of an aborted signal", () => withClient(async (client) => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const call = client.complete(ask("hang"), { signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await expect(call).rejects.toBe(reason);
    await expect(client.complete(ask("hello"), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  }));

  it("tells the characters received", () => withClient(async (client) => {
    const seen: number[] = [];
    await client.complete(ask("hello"), { onProgress: (chars) => seen.push(chars) });
    expect(seen.at(-1)).toBe("echo hello".length);
  }));

  it("lists its models", () => withClient(async (client) => expect(await client.listModels()).toEqual(["root"])));
});
