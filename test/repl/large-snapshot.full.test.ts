import { monitorEventLoopDelay, type IntervalHistogram } from "node:perf_hooks";
import { expect, it } from "vitest";
import { loadSnapshotChain, putSnapshot } from "../../src/runner/snapshot-chain.js";
import { LocalBlobStore } from "../../src/store/local-blob-store.js";
import { tempDir } from "../helpers/temp-dir.js";
import { SandboxFixture } from "./sandbox-fixture.js";

const GIB = 2 ** 30;
/** A heartbeat goes out every 0.9 s, and must arrive within 3 s. */
const LONGEST_STANDSTILL_MS = 900;

/** Measures the longest time that this process did nothing else while the work was under way. */
async function standstillMs<T>(work: () => Promise<T>): Promise<{ result: T; longestMs: number }> {
  const delay: IntervalHistogram = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const result = await work();
  delay.disable();
  return { result, longestMs: delay.max / 1e6 };
}

it("takes, stores, reads and restores a snapshot of 1 GB without holding up the host", async () => {
  await using fixture = await SandboxFixture.open({ memoryLimitBytes: 3 * GIB });
  const store = await LocalBlobStore.open(await tempDir());
  const chain = await fixture.begin();
  const { buildId } = fixture.factory;
  const taken = await standstillMs(() => chain.run("import random, zlib\nkept = [random.randbytes(2**25) for _ in range(32)]\ncrc = [zlib.crc32(each) for each in kept]", { cellTimeoutMs: 300_000, memoryLimitBytes: 3 * GIB }));
  expect(taken.result.result.error).toBeNull();
  expect(taken.result.snapshot.bytes.length).toBeGreaterThan(GIB);
  const stored = await standstillMs(() => putSnapshot(store, buildId, [], { ...taken.result.snapshot, keptParts: 0 }));
  const read = await standstillMs(() => loadSnapshotChain(store, buildId, stored.result.ref.digest));
  const restored = await standstillMs(() => fixture.reopen(chain));
  expect(await restored.result.print("crc == [zlib.crc32(each) for each in kept]")).toBe("True");
  for (const { longestMs } of [taken, stored, read, restored]) expect(longestMs).toBeLessThan(LONGEST_STANDSTILL_MS);
});
