import { expect, it } from "vitest";
import type { BlobRef } from "../../src/core/blob-ref.js";
import type { TurnRecord } from "../../src/core/trajectory.js";
import { putRecord, readTurnChain } from "../../src/journal/records.js";
import { MemoryBlobStore } from "../../src/store/memory-blob-store.js";

class CountingStore extends MemoryBlobStore {
  readonly read: string[] = [];

  override async get(digest: string): Promise<Uint8Array> {
    this.read.push(digest);
    return super.get(digest);
  }
}

it("reads of a chain of turns only what this process has not read before", async () => {
  const store = new CountingStore();
  const refs: BlobRef[] = [];
  for (let turn = 1; turn <= 3; turn++) refs.push(await putRecord(store, { v: 1, turn, prev: refs.at(-1) ?? null } satisfies Partial<TurnRecord>));
  const turnsAt = async (head: number): Promise<number[]> => (await readTurnChain(store, refs[head]!)).map(({ record }) => record.turn);
  expect(await turnsAt(1)).toEqual([1, 2]);
  expect(await turnsAt(2)).toEqual([1, 2, 3]);
  expect(store.read.toSorted()).toEqual(refs.map(({ digest }) => digest).toSorted());
});
