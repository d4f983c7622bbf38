import { chmod, readdir, stat, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { BlobStore } from "../../src/store/blob-store.js";
import { BlobCorruptError, BlobNotFoundError, StoreUnavailableError } from "../../src/store/errors.js";
import { LocalBlobStore } from "../../src/store/local-blob-store.js";
import { MemoryBlobStore } from "../../src/store/memory-blob-store.js";
import { collect } from "../helpers/collect.js";
import { tempDir } from "../helpers/temp-dir.js";

const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");
const text = (data: Uint8Array | null): string | null => (data === null ? null : Buffer.from(data).toString("utf8"));
const NOWHERE = "0".repeat(64);

const stores: [string, () => Promise<BlobStore>][] = [
  ["local disk", async () => LocalBlobStore.open(await tempDir())],
  ["memory", async () => new MemoryBlobStore()],
];

describe.each(stores)("blob store on %s", (_, open) => {
  it("gives equal bytes the equal ref, however they are cut", async () => {
    const store = await open();
    const whole = await store.put(bytes("hello world"));
    const chunks = await store.put([bytes("hello"), bytes(""), bytes(" world")]);
    async function* stream(): AsyncIterable<Uint8Array> {
      yield bytes("hello w");
      yield bytes("orld");
    }
    expect(chunks).toEqual(whole);
    expect(await store.putStream(stream())).toEqual(whole);
    expect(whole).toEqual({ digest: "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9", bytes: 11 });
    expect(text(await store.get(whole.digest))).toBe("hello world");
    expect(text(await store.getRange(whole.digest, 6, 3))).toBe("wor");
    expect(await store.has(whole.digest)).toBe(true);
  });

  it("names a blob that is not there", async () => {
    const store = await open();
    await expect(store.get(NOWHERE)).rejects.toThrow(BlobNotFoundError);
    expect(await store.has(NOWHERE)).toBe(false);
  });

  it("keeps the first bytes written under a name and returns what is stored", async () => {
    const store = await open();
    const written = await Promise.all(["a", "b", "c"].map((each) => store.putNamed("replies/run/1-0", bytes(each))));
    const stored = text(await store.getNamed("replies/run/1-0"));
    expect(written.map(text)).toEqual([stored, stored, stored]);
    expect(await store.getNamed("replies/run/none")).toBeNull();
  });

  it("lists and deletes names below a prefix", async () => {
    const store = await open();
    await store.putNamed("m/one/x", bytes("1"));
    await store.putNamed("m/two", bytes("2"));
    await store.putNamed("mm/three", bytes("3"));
    const names = await collect(store.listNamed("m"));
    expect(names.sort()).toEqual(["m/one/x", "m/two"]);
    await store.deleteNamed("m/two");
    await store.deleteNamed("m/two");
    expect(await collect(store.listNamed("m"))).toEqual(["m/one/x"]);
    expect(await collect(store.listNamed("none"))).toEqual([]);
  });

  it.each(["../etc/passwd", "a//b", "/a", "a/..", "", "a b", "é"])("refuses the name %j", async (name) => {
    await expect((await open()).putNamed(name, bytes("x"))).rejects.toThrow(TypeError);
  });
});

describe("local blob store", () => {
  it("writes for the owner only and leaves no work files", async () => {
    const directory = await tempDir();
    const store = await LocalBlobStore.open(path.join(directory, "store"));
    const { digest } = await store.put(bytes("secret"));
    await store.putNamed("manifests/x", bytes("secret"));
    expect((await stat(path.join(directory, "store"))).mode & 0o777).toBe(0o700);
    expect((await stat(await store.localPath(digest))).mode & 0o777).toBe(0o600);
    expect(await readdir(path.join(directory, "store", "tmp"))).toEqual([]);
  });

  it("never returns a wrong byte", async () => {
    const directory = await tempDir();
    const { digest } = await (await LocalBlobStore.open(directory)).put(bytes("precious"));
    const file = path.join(directory, "blobs", digest.slice(0, 2), digest);
    await writeFile(file, "precioux");
    const reopened = await LocalBlobStore.open(directory);
    await expect(reopened.get(digest)).rejects.toThrow(BlobCorruptError);
    await expect(reopened.localPath(digest)).rejects.toThrow(`Blob ${digest} is damaged`);
    await truncate(file, 2);
    await expect(reopened.get(digest)).rejects.toThrow(BlobCorruptError);
  });

  it("says where and why when it cannot write", async () => {
    const directory = await tempDir();
    await writeFile(path.join(directory, "store"), "a file where the directory should be");
    await expect(LocalBlobStore.open(path.join(directory, "store"))).rejects.toThrow(StoreUnavailableError);
    await chmod(path.join(directory, "store"), 0o600);
    await expect(LocalBlobStore.open(path.join(directory, "store"))).rejects.toThrow(/failed to open \(E[A-Z]+\)\. Free space or mend/);
  });

  it("streams more data than one write takes", async () => {
    const store = await LocalBlobStore.open(await tempDir());
    const chunk = Buffer.alloc(1000, "x");
    const { digest, bytes: length } = await store.put(Array.from({ length: 3000 }, () => chunk));
    expect(length).toBe(3_000_000);
    expect((await store.get(digest)).byteLength).toBe(3_000_000);
  });
});
