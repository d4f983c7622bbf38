import { expect, it } from "vitest";
import { countCalls } from "../../src/core/call-counts.js";
import { encodePack, readPackCall, readPackChain, readPackHeader, type NewPack } from "../../src/journal/pack.js";
import { MemoryBlobStore } from "../../src/store/memory-blob-store.js";

function newPack(over: Partial<NewPack>): NewPack {
  const request = { calls: [{ kind: "llm" as const, prompt: "häuser → 日本", model: null }, { kind: "llm" as const, prompt: "second", model: "mini" }] };
  return { runUid: "u", turn: 1, seq: 0, prev: null, requestHash: "h", reads: [["date", 5]], request, previousAnswer: null, ...over };
}

it("reads one prompt without the others", async () => {
  const store = new MemoryBlobStore();
  const pack = await store.put(encodePack(newPack({})).chunks);
  const header = await readPackHeader(store, pack);
  expect(await readPackCall(store, pack, header, 0)).toMatchObject({ body: "häuser → 日本", name: null });
  expect(await readPackCall(store, pack, header, 1)).toMatchObject({ body: "second", name: "mini" });
  await expect(readPackCall(store, pack, header, 2)).rejects.toThrow(/has 2 calls; call 2 was asked for/);
});

it("gives equal calls at different positions different keys", () => {
  const keys = [newPack({}), newPack({ seq: 1 }), newPack({ turn: 2 }), newPack({ runUid: "v" })].flatMap((pack) => encodePack(pack).header.calls.map(({ key }) => key));
  expect(new Set(keys).size).toBe(8);
  expect(encodePack(newPack({})).header.calls[0]?.key).toBe(keys[0]);
});

it("follows the chain from the newest pack back to the first", async () => {
  const store = new MemoryBlobStore();
  const first = await store.put(encodePack(newPack({})).chunks);
  const second = await store.put(encodePack(newPack({ seq: 1, prev: first })).chunks);
  expect((await readPackChain(store, second)).map(({ header }) => header.seq)).toEqual([0, 1]);
  expect(await readPackChain(store, null)).toEqual([]);
});

it("sorts the calls of a mixed suspension by kind, and keeps their places in program order", () => {
  const llm = { kind: "llm" as const, prompt: "p", model: null };
  const tool = { kind: "tool" as const, tool: "lookup", args: '{"n":12345678901234567890}' };
  const { header, chunks } = encodePack(newPack({ request: { calls: [tool, llm, tool] } }));
  expect(header.calls.map(({ kind, name, slot }) => [kind, name, slot])).toEqual([["llm", null, 1], ["tool", "lookup", 0], ["tool", "lookup", 2]]);
  expect(new Set(header.calls.map(({ key }) => key)).size).toBe(3);
  expect(countCalls(header.calls.map(({ kind }) => kind))).toEqual({ llm: 1, tool: 2, rlm: 0 });
  expect(Buffer.concat(chunks.slice(2)).toString("utf8")).toBe(`p${tool.args}${tool.args}`);
});
