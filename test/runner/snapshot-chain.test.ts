import { mkdtempSync, rmSync, truncateSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { loadSnapshotChain, putSnapshot } from "../../src/runner/snapshot-chain.js";
import { LocalBlobStore } from "../../src/store/local-blob-store.js";

let directory: string;
let store: LocalBlobStore;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "rlm-chain-"));
  store = await LocalBlobStore.open(directory);
});
afterEach(() => rmSync(directory, { recursive: true }));

const file = (digest: string): string => join(directory, "blobs", digest.slice(0, 2), digest);
const part = (text: string, keptParts: number): { bytes: Uint8Array; keptParts: number } => ({ bytes: Buffer.from(text.repeat(10_000)), keptParts });

it.each<[string, (mine: string, other: string) => void]>([
  ["one bit is flipped", (mine) => {
    const bytes = readFileSync(file(mine));
    bytes[5000] = (bytes[5000] ?? 0) ^ 1;
    writeFileSync(file(mine), bytes);
  }],
  ["it is cut short", (mine) => truncateSync(file(mine), 5000)],
  ["it is another run's", (mine, other) => writeFileSync(file(mine), readFileSync(file(other)))],
])("a blob of the chain is refused by its digest when %s, wherever in the chain", async (_how, tamper) => {
  const [base, other] = [await putSnapshot(store, "build", [], part("base", 0)), await putSnapshot(store, "build", [], part("other", 0))];
  const top = await putSnapshot(store, "build", base.chain, part("top", 1));
  expect((await loadSnapshotChain(store, "build", top.ref.digest)).chain).toEqual([base.ref.digest, top.ref.digest]);
  for (const { digest } of [base.ref, top.ref]) {
    const intact = readFileSync(file(digest));
    tamper(digest, other.ref.digest);
    // A worker that has not looked at the blob before.
    const fresh = await LocalBlobStore.open(directory);
    await expect(loadSnapshotChain(fresh, "build", top.ref.digest)).rejects.toMatchObject({ name: "BlobCorruptError", digest });
    writeFileSync(file(digest), intact);
  }
  expect((await loadSnapshotChain(await LocalBlobStore.open(directory), "build", top.ref.digest)).parts).toHaveLength(2);
});
