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
