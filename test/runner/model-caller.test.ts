import { expect, it, vi } from "vitest";
import type { StoredReply } from "../../src/core/trajectory.js";
import { ReplyStore } from "../../src/journal/reply-store.js";
import { createOpenAiModelClient } from "../../src/model/openai-model-client.js";
import { ModelCaller, type KeyedCall } from "../../src/runner/model-caller.js";
import { MemoryBlobStore } from "../../src/store/memory-blob-store.js";
import { startScriptedModelServer, type ScriptedRule } from "../../src/testing/index.js";

const CALL: KeyedCall = {
  scope: { runUid: "u", turn: 1, seq: 0 },
  key: "key",
  request: { model: "m", messages: [{ role: "user", content: "hello" }] },
  rejectionIsOutcome: true,
};
const text = ({ outcome }: StoredReply): string => ("text" in outcome ? outcome.text : "error" in outcome ? outcome.error.kind : "no reply of a model");

async function withCaller(rule: Omit<ScriptedRule, "name">, use: (caller: ModelCaller, server: Awaited<ReturnType<typeof startScriptedModelServer>>, store: MemoryBlobStore) => Promise<void>): Promise<void> {
  await using server = await startScriptedModelServer({ rules: [{ name: "all", ...rule }] });
  const store = new MemoryBlobStore();
  const client = createOpenAiModelClient({ baseURL: server.url, apiKey: null });
  await use(new ModelCaller({ store, replies: new ReplyStore(store), client, nowMs: () => Date.now() }), server, store);
}

it("sends a call once, however often and from however many places it is asked for", async () => {
  await withCaller({ reply: "{{nonce}}", delayMs: 50 }, async (caller, server) => {
    const answers = await Promise.all([caller.call(CALL), caller.call(CALL), caller.call(CALL)]);
    answers.push(await caller.call(CALL));
    expect(new Set(answers.map(text)).size).toBe(1);
    expect(server.ledger()).toHaveLength(1);
  });
});

it("closes the request when the one who asked goes away", async () => {
  await withCaller({ reply: "late", delayMs: 30_000 }, async (caller, server) => {
    const leaving = new AbortController();
    const call = caller.call(CALL, { signal: leaving.signal });
    await vi.waitUntil(() => server.stats().inFlight === 1);
    leaving.abort(new Error("cancelled"));
    await expect(call).rejects.toThrow("cancelled");
    await vi.waitUntil(() => server.stats().inFlight === 0);
  });
});

it("goes on for a joined caller when the first one goes away", async () => {
  await withCaller({ reply: "for both", delayMs: 200 }, async (caller, server) => {
    const leaving = new AbortController();
    const calls = [caller.call(CALL, { signal: leaving.signal }), caller.call(CALL, { signal: new AbortController().signal })];
    await vi.waitUntil(() => server.stats().inFlight === 1);
    leaving.abort(new Error("stale try"));
    expect((await Promise.all(calls)).map(text)).toEqual(["for both", "for both"]);
    expect(server.ledger()).toHaveLength(1);
  });
});

it("keeps an answer that could not be stored for the next try", async () => {
  await withCaller({ reply: "{{nonce}}" }, async (caller, server, store) => {
    const putNamed = store.putNamed.bind(store);
    store.putNamed = () => Promise.reject(new Error("disk full"));
    await expect(caller.call(CALL)).rejects.toThrow("disk full");
    await expect(caller.call(CALL)).rejects.toThrow("disk full");
    store.putNamed = putNamed;
    expect(text(await caller.call(CALL))).toMatch(/./);
    expect(server.ledger()).toHaveLength(1);
  });
});

it("stores the refusal of a sub-call as its outcome, and throws that of a root call", async () => {
  const fault = { type: "status", status: 400 } as const;
  await withCaller({ reply: "", fault }, async (caller, server) => {
    expect([text(await caller.call(CALL)), text(await caller.call(CALL))]).toEqual(["bad_request", "bad_request"]);
    expect(server.ledger()).toHaveLength(1);
    await expect(caller.call({ ...CALL, key: "root", rejectionIsOutcome: false })).rejects.toMatchObject({ errorClass: "rejected" });
  });
});

it("tells with an outcome how often the call was tried in vain, here or elsewhere, and why", async () => {
  const fault = { type: "status", status: 429, times: 2, body: { error: { message: "slow down" } } } as const;
  await withCaller({ reply: "at last", fault }, async (caller) => {
    for (let i = 0; i < 2; i++) await expect(caller.call(CALL)).rejects.toMatchObject({ errorClass: "retryable" });
    expect((await caller.call(CALL)).retries).toEqual({ count: 2, lastError: expect.stringMatching(/429.*slow down/) as string });
    expect((await caller.call({ ...CALL, key: "elsewhere" }, { earlier: { count: 3, lastError: "reset" } })).retries).toEqual({ count: 3, lastError: "reset" });
    expect(await caller.call({ ...CALL, key: "at once" })).not.toHaveProperty("retries");
  });
});
