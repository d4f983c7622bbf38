import { execFile } from "node:child_process";
import { mkdir, rm, statfs, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { readResult } from "../../src/client/read-result.js";
import { retryRun } from "../../src/client/retry-run.js";
import { TestCluster } from "../helpers/cluster.js";
import { temporalDetails } from "../helpers/temporal-details.js";

const run = promisify(execFile);
let store = "";
let cluster: TestCluster;

/** The store gets a file system of its own, in memory. For root, as in CI; for others the mount fails and says so. */
beforeAll(async () => {
  cluster = await TestCluster.start({
    async prepareHome(home) {
      store = path.join(home, "store");
      await mkdir(store, { mode: 0o700 });
      await run("mount", ["-t", "tmpfs", "-o", "size=128m,mode=0700", "tmpfs", store]);
    },
  });
  await cluster.startWorker();
});
afterAll(async () => {
  await cluster.killWorkers();
  await run("umount", ["--lazy", store]);
  await cluster[Symbol.asyncDispose]();
});

/** Takes all that is free, to the last block. */
async function fillDisk(): Promise<string> {
  const filler = path.join(store, "filler");
  const { bavail, bsize } = await statfs(store);
  await expect(writeFile(filler, Buffer.alloc(bavail * bsize + 2 ** 20))).rejects.toThrow("ENOSPC");
  return filler;
}

it("waits as blocked on a disk that is really full, and goes on when there is room, with no answer paid twice", async () => {
  cluster.script(["kept = [7]", "kept += llm_query_batched(['one', 'two', 'three'])", "SUBMIT(answer=str(kept))"], { reply: "ok", delayMs: 1500 });
  const id = await cluster.start({ signature: "q -> answer: str", inputs: { q: "?" } });
  await vi.waitUntil(() => cluster.model.stats().inFlight === 3, { timeout: 60_000, interval: 2 });
  const filler = await fillDisk();
  await expect.poll(() => temporalDetails(cluster, id), { timeout: 60_000 }).toMatch(/blocked.*\(store\): The blob store at .* failed to write \(ENOSPC\)\. Free space/s);
  expect(await readResult(cluster.client, id)).toMatchObject({ status: "blocked", reason: "store" });
  await rm(filler);
  await retryRun(cluster.client, id, { by: "test", why: null });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", llmCalls: 3, outputs: { answer: "[7, 'ok', 'ok', 'ok']" } });
  expect(cluster.model.ledger().filter(({ rule }) => rule === "sub")).toHaveLength(3);
}, 180_000);
