import { mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ensureBaseImage, keepBaseImage } from "../../src/runner/base-image.js";
import { LocalBlobStore } from "../../src/store/local-blob-store.js";
import { LocalInventory } from "../../src/store/local-inventory.js";

const DAY_MS = 86_400_000;

let directory: string;
let store: LocalBlobStore;
beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "rlm-base-image-"));
  store = await LocalBlobStore.open(directory);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const factory = { buildId: "build", createBaseImage: async () => ({ bytes: new Uint8Array([1, 2, 3]), keptParts: 0 }) };

async function age(digest: string): Promise<() => Promise<boolean>> {
  const at = new Date(Date.now() - DAY_MS);
  utimesSync(await store.localPath(digest), at, at);
  return async () => (await new LocalInventory(directory).sweep([digest], Date.now() - DAY_MS / 2)).length > 0;
}

it("is out of reach of garbage collection once a worker has started with it", async () => {
  const digest = await ensureBaseImage(store, factory);
  const isSwept = await age(digest);
  expect(await ensureBaseImage(store, factory)).toBe(digest);
  expect(await isSwept()).toBe(false);
});

it("is out of its reach while a worker keeps it, and no longer", async () => {
  const digest = await ensureBaseImage(store, factory);
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const stop = keepBaseImage(store, digest);
    const isSwept = await age(digest);
    const put = vi.spyOn(store, "put");
    vi.advanceTimersByTime(5 * 60_000);
    await vi.waitUntil(() => put.mock.settledResults.length > 0, { timeout: 10_000, interval: 5 });
    expect(await isSwept()).toBe(false);
    stop();
    await age(digest);
    vi.advanceTimersByTime(60 * 60_000);
    expect(put).toHaveBeenCalledTimes(1);
    expect(await isSwept()).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
