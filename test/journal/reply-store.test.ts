import { expect, it } from "vitest";
import type { StoredReply } from "../../src/core/trajectory.js";
import { ReplyStore } from "../../src/journal/reply-store.js";
import { MemoryBlobStore } from "../../src/store/memory-blob-store.js";
import { collect } from "../helpers/collect.js";

const scope = { runUid: "u1", turn: 2, seq: 0 } as const;

function reply(key: string, text: string): StoredReply {
  const usage = { inputTokens: 1, outputTokens: 1, cachedTokens: 0, costUsd: null };
  return { v: 1, key, outcome: { text, finishReason: "stop" }, model: "m", usage, startedAtMs: 1, durationMs: 1 };
}

const textOf = (found: StoredReply | undefined): unknown => found?.outcome;

it("finds replies under their keys, in another process too", async () => {
  const blobs = new MemoryBlobStore();
  const writer = new ReplyStore(blobs);
  await Promise.all(["a", "b", "c"].map((key) => writer.put(scope, reply(key, key.toUpperCase()))));
  const { byKey } = await new ReplyStore(blobs).find(scope, ["a", "c", "missing"]);
  expect([...byKey.keys()].sort()).toEqual(["a", "c"]);
  expect(textOf(byKey.get("c"))).toEqual({ text: "C", finishReason: "stop" });
  expect((await writer.find({ ...scope, seq: 1 }, ["a"])).byKey.size).toBe(0);
});

it("gathers replies that arrive while one is being written into one file", async () => {
  const blobs = new MemoryBlobStore();
  const replies = new ReplyStore(blobs);
  await Promise.all(Array.from({ length: 100 }, (_, i) => replies.put(scope, reply(`k${i}`, `${i}`))));
  expect((await collect(blobs.listNamed("replies"))).length).toBeLessThanOrEqual(3);
  expect((await replies.find(scope, Array.from({ length: 100 }, (_, i) => `k${i}`))).byKey.size).toBe(100);
});

it("gives a replay the replies that were used, whatever was stored later", async () => {
  const blobs = new MemoryBlobStore();
  await new ReplyStore(blobs).put(scope, reply("k", "first"));
  const { files } = await new ReplyStore(blobs).find(scope, ["k"]);
  for (let i = 0; i < 8; i += 1) await new ReplyStore(blobs).put(scope, reply("k", `late ${i}`));
  const again = await new ReplyStore(blobs).find(scope, ["k"], files);
  expect(textOf(again.byKey.get("k"))).toEqual({ text: "first", finishReason: "stop" });
});

it("tells every caller of a failed write, and goes on with the next", async () => {
  const blobs = new MemoryBlobStore();
  const replies = new ReplyStore(blobs);
  const putNamed = blobs.putNamed.bind(blobs);
  blobs.putNamed = async () => Promise.reject(new Error("disk full"));
  const results = await Promise.allSettled(["a", "b"].map((key) => replies.put(scope, reply(key, key))));
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  blobs.putNamed = putNamed;
  await replies.put(scope, reply("a", "A"));
  expect((await replies.find(scope, ["a"])).byKey.size).toBe(1);
});
