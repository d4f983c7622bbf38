import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { expect, it, describe, onTestFinished, vi } from "vitest";
import { compiledProgram } from "../../src/stack/package-files.js";
import type { BlobInventory } from "../../src/store/blob-inventory.js";
import type { BlobStore } from "../../src/store/blob-store.js";
import { LocalBlobStore } from "../../src/store/local-blob-store.js";
import { LocalInventory } from "../../src/store/local-inventory.js";
import { MemoryBlobStore } from "../../src/store/memory-blob-store.js";
import { collect } from "../helpers/collect.js";
import { tempDir } from "../helpers/temp-dir.js";

const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");

const stores: [string, () => Promise<{ store: BlobStore; inventory: BlobInventory }>][] = [
  ["local disk", async () => {
    const store = await LocalBlobStore.open(await tempDir());
    return { store, inventory: new LocalInventory(store.directory) };
  }],
  ["memory", async () => {
    const store = new MemoryBlobStore();
    return { store, inventory: store };
  }],
];

/**
 * Now, by the clock that stamps files: the kernel's, which goes on in ticks and so is up to one
 * behind `Date.now()`. Whole milliseconds, rounded down like the stamps compared with it.
 */
async function fileClockMs(): Promise<number> {
  const file = path.join(await tempDir(), "stamp");
  await writeFile(file, "");
  return Math.floor((await stat(file)).mtimeMs);
}

describe.each(stores)("blob inventory on %s", (_, open) => {
  it("lists blobs and named entries with their sizes and times", async () => {
    const { store, inventory } = await open();
    const beforeMs = await fileClockMs();
    const ref = await store.put(bytes("hello"));
    await store.putNamed("a/b/c", bytes("entry"));
    const [blobs, entries] = [await collect(inventory.listBlobs()), await collect(inventory.listEntries())];
    expect(blobs).toEqual([{ ...ref, touchedAtMs: expect.any(Number) }]);
    expect(entries).toEqual([{ name: "a/b/c", bytes: 5, writtenAtMs: expect.any(Number) }]);
    expect(blobs[0]!.touchedAtMs).toBeGreaterThanOrEqual(beforeMs);
  });

  it("sweeps what it is told to, but nothing that was written, or written again, since", async () => {
    const { store, inventory } = await open();
    const old = await Promise.all(["one", "two", "three", "four"].map((text) => store.put(bytes(text))));
    await sleep(20);
    const cutoffMs = await fileClockMs();
    await sleep(20);
    await store.put(bytes("two"));
    async function* stream(): AsyncIterable<Uint8Array> {
      yield bytes("three");
    }
    await store.putStream(stream());
    const young = await store.put(bytes("young"));
    const swept = await inventory.sweep([...old, young].map(({ digest }) => digest).filter((digest) => digest !== old[3]!.digest), cutoffMs);
    expect(swept.map(({ digest }) => digest)).toEqual([old[0]!.digest]);
    expect(await Promise.all([...old, young].map(({ digest }) => store.has(digest)))).toEqual([false, true, true, true, true]);
  });
});

describe("sweeping a directory that others write to", () => {
  const COUNT = 1500;
  const content = (i: number): Uint8Array => bytes(`blob number ${i}`);

  /** A store full of blobs of yesterday. */
  async function oldStore(): Promise<{ store: LocalBlobStore; digests: string[] }> {
    const store = await LocalBlobStore.open(await tempDir());
    const refs = await Promise.all(Array.from({ length: COUNT }, (_, i) => store.put(content(i))));
    for (const { digest } of refs) await utimes(await store.localPath(digest), 1, 1);
    return { store, digests: refs.map(({ digest }) => digest) };
  }

  /** Another process that sweeps all of it, over and over. */
  function startSweeper(directory: string, digests: readonly string[]): { kill: () => Promise<void>; running: () => boolean } {
    const module = pathToFileURL(compiledProgram("src/store/local-inventory.js")).href;
    const program = `import { LocalInventory } from ${JSON.stringify(module)};
      const inventory = new LocalInventory(${JSON.stringify(directory)});
      let text = ""; for await (const chunk of process.stdin) text += chunk;
      const cutoffMs = Date.now() - 60_000;
      process.stdout.write("sweeping");
      for (;;) await inventory.sweep(JSON.parse(text), cutoffMs);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["pipe", "pipe", "inherit"] });
    let running = false;
    child.stdout.once("data", () => (running = true));
    child.stdin.end(JSON.stringify(digests));
    const kill = async (): Promise<void> => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    };
    onTestFinished(kill);
    return { kill, running: () => running };
  }

  it("loses nothing that is put again, whenever that happens, and whenever it is killed", async () => {
    const { store, digests } = await oldStore();
    let sweeper = startSweeper(store.directory, digests);
    await vi.waitUntil(() => sweeper.running());
    const put: string[] = [];
    for (let i = 0; i < COUNT; i += 3) {
      const { digest } = await store.put(content(i));
      // Readable at once, and not only in the end.
      expect(Buffer.from(await store.get(digest)).toString()).toBe(`blob number ${i}`);
      put.push(digest);
      if (i % 300 === 0) {
        await sweeper.kill();
        sweeper = startSweeper(store.directory, digests);
      }
    }
    await vi.waitUntil(() => sweeper.running());
    await vi.waitUntil(async () => (await collect(new LocalInventory(store.directory).listBlobs())).length === put.length, { timeout: 20_000 });
    await sweeper.kill();
    await new LocalInventory(store.directory).sweep([], 0);
    expect(await readdir(path.join(store.directory, "trash"))).toEqual([]);
    expect(new Set((await collect(new LocalInventory(store.directory).listBlobs())).map(({ digest }) => digest))).toEqual(new Set(put));
  });

  it("gives back to a reader what a killed sweep had already put aside", async () => {
    const { store, digests } = await oldStore();
    const sweeper = startSweeper(store.directory, digests);
    const trash = path.join(store.directory, "trash");
    await vi.waitUntil(async () => (await readdir(trash).catch(() => [])).length > 0, { interval: 1, timeout: 20_000 }).catch(() => undefined);
    await sweeper.kill();
    for (const digest of await readdir(trash)) expect((await store.get(digest)).byteLength).toBeGreaterThan(0);
    const left = await collect(new LocalInventory(store.directory).listBlobs());
    for (const { digest } of left) expect(await store.has(digest)).toBe(true);
  });
});
