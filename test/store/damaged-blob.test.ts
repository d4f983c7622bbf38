import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { BlobCorruptError } from "../../src/store/errors.js";
import { LocalBlobStore } from "../../src/store/local-blob-store.js";
import { tempDir } from "../helpers/temp-dir.js";

it("puts a blob right that was found damaged, when the same bytes are written again", async () => {
  const store = await LocalBlobStore.open(await tempDir());
  const bytes = Buffer.from("the right bytes");
  const { digest } = await store.put(bytes);
  const file = path.join(store.directory, "blobs", digest.slice(0, 2), digest);
  writeFileSync(file, "the wrong bytes");
  await expect(store.get(digest)).rejects.toThrow(BlobCorruptError);
  await store.put(bytes);
  expect(readFileSync(file, "utf8")).toBe("the right bytes");
  expect(Buffer.from(await store.get(digest))).toEqual(bytes);
});

it("gives no slice of a damaged blob, and its start only to those who ask for it unverified", async () => {
  const directory = await tempDir();
  const { digest } = await (await LocalBlobStore.open(directory)).put(Buffer.from("head and body"));
  const store = await LocalBlobStore.open(directory);
  writeFileSync(path.join(directory, "blobs", digest.slice(0, 2), digest), "head and bodY");
  await expect(store.getRange(digest, 0, 4)).rejects.toThrow(BlobCorruptError);
  expect(Buffer.from(await store.getStart(digest, 4)).toString()).toBe("head");
  await store.put(Buffer.from("head and body"));
  expect(Buffer.from(await store.getRange(digest, 9, 4)).toString()).toBe("body");
});

it("trusts a blob no longer that was whole once, when it is found damaged; a stream of the same bytes puts it right", async () => {
  const directory = await tempDir();
  const store = await LocalBlobStore.open(directory);
  const bytes = Buffer.from("head and body");
  const { digest } = await store.put(bytes);
  expect(Buffer.from(await store.getRange(digest, 0, 4)).toString()).toBe("head");
  writeFileSync(path.join(directory, "blobs", digest.slice(0, 2), digest), "head and bodY");
  await expect(store.get(digest)).rejects.toThrow(BlobCorruptError);
  await expect(store.getRange(digest, 0, 4)).rejects.toThrow(BlobCorruptError);
  await expect(store.localPath(digest)).rejects.toThrow(BlobCorruptError);
  await store.putStream((async function* () {
    yield bytes;
  })());
  expect(Buffer.from(await store.getRange(digest, 9, 4)).toString()).toBe("body");
});
