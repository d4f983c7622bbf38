import { expect, it, vi } from "vitest";
import { TurnPacks } from "../../src/client/pages/turn-packs.js";
import type { BlobRef } from "../../src/core/blob-ref.js";
import { encodePack } from "../../src/journal/pack.js";
import { MemoryBlobStore } from "../../src/store/memory-blob-store.js";

it("reads of a cell that goes on only the suspensions that are new, and tells which of them are answered", async () => {
  const store = new MemoryBlobStore();
  const addTo = async (prev: BlobRef | null, seq: number): Promise<BlobRef> => {
    const previousAnswer = prev === null ? null : { files: [`file-${seq - 1}`], refused: null, llmCallsUsed: seq };
    const request = { calls: [{ kind: "llm" as const, prompt: `prompt ${seq}`, model: null }] };
    return store.put(Buffer.concat(encodePack({ runUid: "u", turn: 1, seq, prev, requestHash: "hash", reads: [], previousAnswer, request }).chunks));
  };
  let head: BlobRef | null = null;
  for (let seq = 0; seq < 5; seq++) head = await addTo(head, seq);
  const before = await TurnPacks.read(store, "u", head);
  expect([before.total, before.overlapping(4, 1)[0]?.answer]).toEqual([5, null]);
  const getRange = vi.spyOn(store, "getRange");
  const after = await TurnPacks.read(store, "u", await addTo(head, 5), before);
  expect([after.total, after.overlapping(4, 1)[0]?.answer?.files, after.overlapping(5, 1)[0]?.answer]).toEqual([6, ["file-4"], null]);
  // One header: its length, and the rest of it.
  expect(getRange).toHaveBeenCalledTimes(2);
});
