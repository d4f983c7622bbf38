import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import type { ScriptedRequest } from "../../src/testing/index.js";
import { createOpenAiModelClient } from "../../src/model/openai-model-client.js";
import { ask, failureOf, SECRET_KEY, until, withServer } from "./scripted.js";

describe("a model call over HTTP", () => {
  it("gives the text, the finish reason and the model of the answer", async () => {
    const reply = await withServer({ reply: "four" }, (client) => client.complete(ask("2 + 2?")));
    expect(reply).toMatchObject({ text: "four", finishReason: "stop", model: "root" });
  });

  it("counts tokens and money, the cached part of the input at its own price", async () => {
    const usage = { inputTokens: 1_000_000, outputTokens: 500_000, cachedTokens: 400_000 };
    const settings = { price: { inputUsdPerMillion: 2, cachedInputUsdPerMillion: 0.5, outputUsdPerMillion: 8 } };
    const reply = await withServer({ reply: "ok", usage }, (client) => client.complete({ ...ask("hi"), settings }));
    expect(reply.usage).toMatchObject(usage);
    expect(reply.usage.costUsd).toBeCloseTo(0.6 * 2 + 0.4 * 0.5 + 0.5 * 8);
  });

  it("says null for the cost of a model without a price", async () => {
    const reply = await withServer({ reply: "ok" }, (client) => client.complete(ask("hi")));
    expect(reply.usage.inputTokens).toBeGreaterThan(0);
    expect(reply.usage.costUsd).toBeNull();
  });

  it("reports zero tokens and an unknown cost when the server sends no usage, even with a price", async () => {
    const settings = { price: { inputUsdPerMillion: 1, outputUsdPerMillion: 1 } };
    const reply = await withServer({ reply: "ok", usage: false }, (client) => client.complete({ ...ask("hi"), settings }));
    expect(reply.usage).toEqual({ inputTokens: 0, outputTokens: 0, cachedTokens: 0, costUsd: null });
  });

  it("sends the call key as Idempotency-Key and the key as bearer token", async () => {
    await withServer({ reply: "ok" }, async (client, server) => {
      server.setRequiredKey(SECRET_KEY);
      await client.complete(ask("hi"), { idempotencyKey: "run/1/0/0/abc" });
      expect(server.ledger()).toMatchObject([{ idempotencyKey: "run/1/0/0/abc", stream: true, answered: true }]);
    });
  });

  it("sends no Authorization header without a key", async () => {
    const seen: (string | undefined)[] = [];
    await using server = await rawServer((request, body) => (seen.push(request.headers.authorization), jsonAnswer(body)));
    await createOpenAiModelClient({ baseURL: server.url, apiKey: null }).complete(ask("hi"));
    expect(seen).toEqual([undefined]);
  });

  it("reports progress while the answer is streamed", async () => {
    const progress: number[] = [];
    const text = "0123456789".repeat(10);
    const reply = await withServer({ reply: text, chunkChars: 10, chunkDelayMs: 1 }, (client) => client.complete(ask("hi"), { onProgress: (chars) => progress.push(chars) }));
    expect(reply.text).toBe(text);
    expect(progress.at(-1)).toBe(100);
    expect(new Set(progress).size).toBeGreaterThan(5);
  });

  it("accepts a whole JSON document from a server that cannot stream", async () => {
    await using server = await rawServer((_request, body) => jsonAnswer(body));
    const reply = await createOpenAiModelClient({ baseURL: server.url, apiKey: null }).complete(ask("hi"));
    expect(reply).toMatchObject({ text: "plain", finishReason: "length", usage: { inputTokens: 3, outputTokens: 1 } });
  });

  it("sends the caps and parameters of the model", async () => {
    let sent: Record<string, unknown> = {};
    await using server = await rawServer((_request, body) => (sent = body, jsonAnswer(body)));
    const client = createOpenAiModelClient({ baseURL: server.url, apiKey: null });
    await client.complete({ ...ask("hi"), maxOutputTokens: 50, temperature: 0, settings: { parameters: { reasoning_effort: "low" } } });
    expect(sent).toMatchObject({ model: "root", max_tokens: 50, temperature: 0, reasoning_effort: "low", stream_options: { include_usage: true } });
  });

  it("carries a prompt of 20 MB in text of several scripts", async () => {
    const prompt = "lög-Eintrag 日志 ✓ ".repeat(1_000_000);
    await withServer({ reply: (request) => String(request.last.length) }, async (client) => {
      expect((await client.complete(ask(prompt))).text).toBe(String(prompt.length));
    });
  });

  it("answers an empty text when the model said nothing and stopped", async () => {
    expect(await withServer({ reply: "" }, (client) => client.complete(ask("hi")))).toMatchObject({ text: "", finishReason: "stop" });
  });

  it("gives a partly filtered text as such and refuses one that was filtered whole", async () => {
    const partial = await withServer({ reply: "half an", finishReason: "content_filter" }, (client) => client.complete(ask("hi")));
    expect(partial).toMatchObject({ text: "half an", finishReason: "content_filter" });
    const error = await withServer({ reply: "", finishReason: "content_filter" }, (client) => failureOf(client.complete(ask("hi"))));
    expect(error).toMatchObject({ errorClass: "rejected", kind: "content_filter" });
  });

  it("has 1,000 calls in flight at once when it is asked to", async () => {
    let arrived = 0;
    let allArrived = (): void => {};
    const barrier = new Promise<void>((resolve) => (allArrived = resolve));
    // No call is answered before all of them have arrived.
    const reply = async ({ nonce }: ScriptedRequest): Promise<string> => {
      if (++arrived === 1000) allArrived();
      await barrier;
      return nonce;
    };
    await withServer({ reply }, async (client, server) => {
      const replies = await Promise.all(Array.from({ length: 1000 }, (_, index) => client.complete(ask(`call ${index}`))));
      expect(new Set(replies.map((one) => one.text)).size).toBe(1000);
      expect(server.stats()).toMatchObject({ answered: 1000, maxInFlight: 1000 });
    });
  });
});

describe("aborting a model call", () => {
  it("closes the connection and rejects with the reason of the signal", async () => {
    await withServer({ reply: "never", fault: { type: "hang" } }, async (client, server) => {
      const controller = new AbortController();
      const reason = new Error("the run was cancelled");
      const call = client.complete(ask("hi"), { signal: controller.signal });
      await until(() => server.stats().inFlight === 1);
      controller.abort(reason);
      await expect(call).rejects.toBe(reason);
      await until(() => server.stats().inFlight === 0);
      expect(server.ledger()).toMatchObject([{ aborted: true, answered: false }]);
    });
  });

  it("closes it in the middle of a stream too", async () => {
    await withServer({ reply: "x".repeat(1000), fault: { type: "hang", afterChars: 500 } }, async (client, server) => {
      const controller = new AbortController();
      const call = client.complete(ask("hi"), { signal: controller.signal, onProgress: (chars) => chars >= 400 && controller.abort() });
      await expect(call).rejects.toMatchObject({ name: "AbortError" });
      await until(() => server.stats().inFlight === 0);
      expect(server.stats()).toMatchObject({ aborted: 1, answered: 0 });
    });
  });

  it("sends nothing when it is aborted beforehand", async () => {
    await withServer({ reply: "ok" }, async (client, server) => {
      await expect(client.complete(ask("hi"), { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
      expect(server.ledger()).toEqual([]);
    });
  });

  it("gives up after the per-call timeout, before and in the answer, as retryable", async () => {
    for (const fault of [{ type: "hang" }, { type: "hang", afterChars: 2 }] as const) {
      await withServer({ reply: "long answer", fault }, async (client, server) => {
        const error = await failureOf(client.complete(ask("hi")));
        expect(error).toMatchObject({ errorClass: "retryable", kind: "timeout" });
        expect(error.message).toContain("no whole answer after 150 ms");
        await until(() => server.stats().inFlight === 0);
      }, { perCallTimeoutMs: 150 });
    }
  });
});

describe("listing models", () => {
  it("gives the ids that the server offers", async () => {
    expect(await withServer({ reply: "ok" }, (client) => client.listModels())).toEqual(["scripted-root", "scripted-sub"]);
  });

  it("gives null where there is no list", async () => {
    await using server = await rawServer(() => ({ status: 404, body: { error: { message: "nope" } } }));
    expect(await createOpenAiModelClient({ baseURL: server.url, apiKey: null }).listModels()).toBeNull();
  });
});

interface RawAnswer { readonly status: number; readonly body: unknown }

function jsonAnswer(body: Record<string, unknown>): RawAnswer {
  return { status: 200, body: { model: body["model"], choices: [{ message: { content: "plain" }, finish_reason: "length" }], usage: { prompt_tokens: 3, completion_tokens: 1 } } };
}

/** A server of the simplest kind, for what the scripted one does not do. */
async function rawServer(answer: (request: { headers: { authorization?: string | undefined } }, body: Record<string, unknown>) => RawAnswer): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((request, response) => {
    let raw = "";
    request.on("data", (part: Buffer) => (raw += part.toString()));
    request.on("end", () => {
      const { status, body } = answer(request, raw === "" ? {} : (JSON.parse(raw) as Record<string, unknown>));
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): Promise<void> => new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, [Symbol.asyncDispose]: close };
}
