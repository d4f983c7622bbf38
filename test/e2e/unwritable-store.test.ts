import { mkdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { expect, it, vi } from "vitest";
import { readResult } from "../../src/client/read-result.js";
import { retryRun } from "../../src/client/retry-run.js";
import type { LedgerRow } from "../../src/testing/index.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { runCli } from "../helpers/run-cli.js";
import { temporalDetails } from "../helpers/temporal-details.js";

vi.setConfig({ testTimeout: 180_000 });

const cluster = await clusterForFile();
await cluster.startWorker();

const rows = (rule: string): readonly LedgerRow[] => cluster.model.ledger().filter((row) => row.rule === rule);
const until = (condition: () => boolean | Promise<boolean>): Promise<boolean> => vi.waitUntil(condition, { timeout: 60_000, interval: 5 });

/** A file stands where the store keeps what it is writing: every write fails, as on a full disk, and every read goes on. */
async function withoutWrites(id: string, directory: string): Promise<void> {
  const away = `${directory}.away`;
  renameSync(directory, away);
  writeFileSync(directory, "");
  // The ordinary way is tried before the run waits: it may be seen as running in between.
  await expect.poll(() => temporalDetails(cluster, id), { timeout: 60_000 }).toMatch(/blocked.*\(store\): The blob store at .* failed to write \(ENOTDIR\)\. Free space or mend the permissions/s);
  await expect.poll(() => readResult(cluster.client, id), { timeout: 10_000 }).toMatchObject({ status: "blocked", reason: "store" });
  rmSync(directory);
  renameSync(away, directory);
  await retryRun(cluster.client, id, { by: "test", why: null });
}

it("waits as blocked wherever the store cannot be written, and goes on when it can, with nothing lost and nothing repeated", async () => {
  const spin = "import time, os\nt = time.monotonic()\nwhile time.monotonic() - t < 2: pass\n";
  cluster.script([`kept = [7]\n${spin}`, "kept.append(llm_query('one'))", `${spin}kept += llm_query_batched(['two', 'three'])`, "SUBMIT(answer=str(kept))"], { reply: "ok", delayMs: 1200 }, { delayMs: 1200 });
  const tmp = path.join(cluster.home, "store/tmp");
  const manifests = path.join(cluster.home, "store/named/manifests");
  mkdirSync(manifests, { recursive: true });
  const id = await cluster.start({ signature: "q -> answer: str", inputs: { q: "?" } });
  await until(() => rows("root").length === 1);
  await withoutWrites(id, tmp); // the reply of a root call
  await until(() => rows("root").filter(({ answered }) => answered).length === 1);
  await until(() => rows("root").length === 2);
  await until(() => rows("sub").length === 1);
  await withoutWrites(id, tmp); // the reply of a sub-call
  await until(() => rows("root").filter(({ answered }) => answered).length === 3);
  await withoutWrites(id, tmp); // the pack of a suspension, or the plan before it
  await until(() => rows("root").length === 4);
  await withoutWrites(id, manifests); // the manifest
  expect(await cluster.result(id)).toMatchObject({ status: "answered", turns: 4, llmCalls: 3, outputs: { answer: "[7, 'ok', 'ok', 'ok']" } });
  expect(rows("root")).toHaveLength(4);
  expect(rows("sub")).toHaveLength(3);
});

it("waits as blocked where the store's quota is used up, goes on when somebody made room, and a new run is refused at the door meanwhile", async () => {
  const { digest, bytes } = await cluster.store.put(randomBytes(50 * 2 ** 20));
  await cluster.killWorkers();
  await cluster.startWorker({ RLM_STORE_QUOTA: `${bytes}B` });
  cluster.script(["x = llm_query('one')", "SUBMIT(answer=x)"]);
  const id = await cluster.start({ signature: "q -> answer: str", inputs: { q: "?" } });
  await expect.poll(() => temporalDetails(cluster, id), { timeout: 60_000 }).toMatch(/blocked.*\(store\): .* of its quota \(RLM_STORE_QUOTA\).*rlm gc/s);
  const env = { RLM_HOME: cluster.home, TEMPORAL_ADDRESS: cluster.temporal.address, RLM_STORE_QUOTA: `${bytes}B`, RLM_MODEL: "scripted-root", OPENAI_BASE_URL: cluster.model.url };
  const refused = await runCli(["run", "-s", "q -> a", "-i", `q=@${process.execPath}`, "--json", "--detach"], { env });
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: "store_unavailable", message: expect.stringContaining("RLM_STORE_QUOTA") } });
  unlinkSync(await cluster.store.localPath(digest));
  await retryRun(cluster.client, id, { by: "test", why: null });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", llmCalls: 1 });
});
