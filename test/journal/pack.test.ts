import { expect, it } from "vitest";
import { encodePack, readPackCall, readPackChain, readPackHeader, type NewPack } from "../../src/journal/pack.js";
import { MemoryBlobStore } from "../../src/store/memory-blob-store.js";

function newPack(over: Partial<NewPack>): NewPack {
  const request = { kind: "llm" as const, calls: [{ prompt: "häuser → 日本", model: null }, { prompt: "second", model: "mini" }] };
  return { runUid: "u", turn: 1, seq: 0, prev: null, requestHash: "h", reads: [["date", 5]], request, previousAnswer: null, ...over };
}

it("reads one prompt without the others", async () => {
  const store = new MemoryBlobStore();
  const pack = await store.put(encodePack(newPack({})).chunks);
  const header = await readPackHeader(store, pack);
  expect(await readPackCall(store, pack, header, 0)).toMatchObject({ prompt: "häuser → 日本", model: null });
  expect(await readPackCall(store, pack, header, 1)).toMatchObject({ prompt: "second", model: "mini" });
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
