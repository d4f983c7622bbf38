import { randomBytes } from "node:crypto";
import { unlink } from "node:fs/promises";
import { expect, it } from "vitest";
import { LocalBlobStore } from "../../src/store/local-blob-store.js";
import { tempDir } from "../helpers/temp-dir.js";

const MB = 10 ** 6;
const quotaBytes = 5 * MB;

async function* chunks(count: number): AsyncIterable<Uint8Array> {
  for (let i = 0; i < count; i++) yield randomBytes(MB);
}

it("takes blobs up to its quota, refuses the next by name with the cure, and takes it when room was made", async () => {
  const directory = await tempDir();
  const store = await LocalBlobStore.open(directory, { quotaBytes });
  const bytes = randomBytes(3 * MB);
  const { digest } = await store.put(bytes);
  const next = randomBytes(3 * MB);
  await expect(store.put(next)).rejects.toMatchObject({ name: "StoreUnavailableError", message: expect.stringMatching(/holds 2\.9 MiB of the 4\.8 MiB of its quota \(RLM_STORE_QUOTA\), and has no room for 2\.9 MiB more\. .*rlm gc/) });
  await expect(store.putStream(chunks(3))).rejects.toMatchObject({ name: "StoreUnavailableError" });
  // What is there costs nothing; records have a reserve, so that runs can be closed and deleted.
  await store.put(bytes);
  await store.put(randomBytes(2 * MB - 1000));
  await store.put(randomBytes(2000));
  await store.putNamed("manifests/x", randomBytes(1000));
  for (let i = 0; i < 20; i++) await store.put(randomBytes(64 * 1024 - 1)).catch(() => undefined);
  await expect(store.put(randomBytes(64 * 1024 - 1))).rejects.toMatchObject({ name: "StoreUnavailableError" });

  const smaller = randomBytes(1.5 * MB);
  await unlink(await store.localPath(digest));
  await expect.poll(() => store.put(smaller).then(() => "stored", () => "refused"), { timeout: 10_000, interval: 100 }).toBe("stored");
});

it("counts what another process has written", async () => {
  const directory = await tempDir();
  const [mine, theirs] = [await LocalBlobStore.open(directory, { quotaBytes }), await LocalBlobStore.open(directory)];
  await theirs.put(randomBytes(4 * MB));
  await expect(mine.put(randomBytes(2 * MB))).rejects.toMatchObject({ name: "StoreUnavailableError" });
  await expect(mine.putStream(chunks(2))).rejects.toMatchObject({ name: "StoreUnavailableError" });
});
