import { readdirSync, readFileSync, utimesSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { Client } from "@temporalio/client";
import { msToTs } from "@temporalio/common/lib/time.js";
import { collectGarbage, GarbageUnknownError } from "../../src/client/garbage/collect-garbage.js";
import { findExecutions } from "../../src/client/garbage/run-executions.js";
import { baseImageName } from "../../src/core/base-image-name.js";
import { deleteRun } from "../../src/client/garbage/delete-run.js";
import { ForeignNamespaceError, forgetNamespace, namespaceOf, rememberNamespace } from "../../src/client/garbage/store-namespaces.js";
import { listRuns } from "../../src/client/list-runs.js";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import { readManifest } from "../../src/client/read-manifest.js";
import { LocalInventory } from "../../src/store/local-inventory.js";
import { collect } from "../helpers/collect.js";
import { TestCluster } from "../helpers/cluster.js";

const HOUR_MS = 3_600_000;
const LOGS = "the same line of a log\n".repeat(5000);

let cluster: TestCluster;
let inventory: LocalInventory;
beforeAll(async () => {
  cluster = await TestCluster.start();
  await cluster.startWorker();
  inventory = new LocalInventory(cluster.store.directory);
});
afterAll(() => cluster[Symbol.asyncDispose]());

const collectNow = (dryRun = false) => collectGarbage(cluster.client, inventory, { graceMs: HOUR_MS, dryRun, askServer: true, ownBuildId: "own" });
const digests = async (): Promise<string[]> => (await collect(inventory.listBlobs())).map(({ digest }) => digest).sort();

/** Everything in the store is of last week: only what is reachable can save it. */
function age(): void {
  const seconds = (Date.now() - 7 * 24 * HOUR_MS) / 1000;
  for (const folder of ["blobs", "named"]) {
    for (const entry of readdirSync(path.join(cluster.store.directory, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) utimesSync(path.join(entry.parentPath, entry.name), seconds, seconds);
    }
  }
}

/** Three turns; the second waits for the model until `release`. */
async function startHeldRun(id: string): Promise<{ release: () => void }> {
  cluster.model.reset();
  const rules = (delayMs: number) => [
    { name: "root", when: { model: "scripted-root" }, turns: ["kept = [len(logs)]\nfor i in range(3): kept.append(llm_query(f'first {i}'))", "kept.append(llm_query('held'))", "SUBMIT(answer=str(kept))"].map((cell) => `\`\`\`python\n${cell}\n\`\`\``) },
    { name: "held", when: { model: "scripted-sub", last: "held" }, reply: "at last", delayMs },
    { name: "sub", when: { model: "scripted-sub" }, reply: "ok" },
  ];
  cluster.model.setRules(rules(600_000));
  await cluster.start({ id, signature: "logs -> answer: str", inputs: { logs: LOGS } });
  await vi.waitUntil(() => cluster.model.ledger().some(({ rule }) => rule === "held"), { timeout: 60_000 });
  return { release: () => cluster.model.setRules(rules(0)) };
}

it("keeps all that open runs and kept results need, and removes the rest", async () => {
  cluster.script(["x = llm_query('a')", "SUBMIT(answer=x + logs[:3])"]);
  await cluster.run({ id: "closed", signature: "logs -> answer: str", inputs: { logs: LOGS } });
  const closed = await readTrajectory(cluster.client, "closed");
  const held = await startHeldRun("open");
  const orphan = await cluster.store.put(Buffer.from("nobody knows me"));
  await cluster.store.putNamed("replies/00000000-0000-4000-8000-000000000000/1-0/file", Buffer.from("{}\n"));
  const [own, abandoned] = [await cluster.store.put(Buffer.from("image of our own build")), await cluster.store.put(Buffer.from("image of a build before"))];
  await cluster.store.putNamed(baseImageName("own"), Buffer.from(own.digest));
  await cluster.store.putNamed(baseImageName("before"), Buffer.from(abandoned.digest));
  age();
  const young = await cluster.store.put(Buffer.from("just written"));
  const before = await digests();

  const dry = await collectNow(true);
  expect(dry).toMatchObject({ dryRun: true, removed: { blobs: 2, bytes: 38 }, young: { blobs: 1 }, replies: { blobs: 1 }, missing: [] });
  expect(await digests()).toEqual(before);

  const report = await collectNow();
  expect(report).toMatchObject({ removed: dry.removed, replies: dry.replies, kept: dry.kept });
  expect(await digests()).toEqual(before.filter((digest) => digest !== orphan.digest && digest !== abandoned.digest));
  // The third is of the sandboxes of these runs.
  const images = await collect(cluster.store.listNamed("base-images"));
  expect(images).toHaveLength(2);
  expect(images).not.toContain(baseImageName("before"));
  expect(await cluster.store.has(young.digest)).toBe(true);
  expect(await collect(cluster.store.listNamed("replies/00000000-0000-4000-8000-000000000000"))).toEqual([]);
  expect(report.kept).toMatchObject({ input: { blobs: 1, bytes: LOGS.length }, spec: { blobs: 1 }, outputs: { blobs: 1 } });
  for (const kind of ["plan", "turn", "pack", "snapshot", "variables"] as const) expect(report.kept[kind]?.blobs, kind).toBeGreaterThan(0);

  // The open run is rebuilt from what is left: another worker, nothing but the store.
  held.release();
  await cluster.killWorkers();
  await cluster.startWorker();
  expect(await cluster.result("open")).toMatchObject({ status: "answered", outputs: { answer: `[${LOGS.length}, 'ok', 'ok', 'ok', 'at last']` } });
  expect(await readTrajectory(cluster.client, "closed")).toEqual(closed);
});

it("removes a deleted run's own data at once, and nothing that another run uses", async () => {
  age();
  await collectNow();
  cluster.script(["y = llm_query('b')", "SUBMIT(answer=y)"]);
  await cluster.run({ id: "doomed", signature: "logs, extra -> answer: str", inputs: { logs: LOGS, extra: "only mine" } });
  await expect(deleteRun(cluster.client, inventory, "nobody", { askServer: true })).rejects.toMatchObject({ code: "not_found" });
  const mine = await cluster.store.put(Buffer.from("only mine"));
  const { runUid } = (await readManifest(cluster.store, "doomed"))!;
  age();
  const deleted = await deleteRun(cluster.client, inventory, "doomed", { askServer: true });
  expect(deleted.removed.blobs).toBeGreaterThan(5);
  expect(await cluster.store.has(mine.digest)).toBe(false);
  expect(await collect(cluster.store.listNamed(`replies/${runUid}`))).toEqual([]);
  expect((await readTrajectory(cluster.client, "closed")).turns).toHaveLength(2);
  await vi.waitUntil(async () => !(await listRuns(cluster.client, { limit: 50, askServer: true })).some(({ workflowId }) => workflowId === "doomed"), { timeout: 90_000, interval: 200 });
  expect((await collectNow()).removed.blobs).toBe(0);
}, 150_000);

it("deletes the child runs of a run with it, those below them too", async () => {
  age();
  await collectNow();
  const before = await digests();
  const names = () => collect(inventory.listEntries()).then((entries) => entries.map(({ name }) => name).sort());
  const namesBefore = await names();
  const cell = (code: string) => [`\`\`\`python\n${code}\n\`\`\``];
  cluster.model.reset();
  cluster.model.setRules([
    { name: "leaf", when: { model: "scripted-root", system: "LEAF-TASK" }, turns: cell("SUBMIT(answer=llm_query('asked by the leaf'))") },
    { name: "middle", when: { model: "scripted-root", system: "MIDDLE-TASK" }, turns: cell("SUBMIT(answer=rlm_query('LEAF-TASK', given='of the middle'))") },
    { name: "top", when: { model: "scripted-root" }, turns: cell("SUBMIT(answer=' '.join(rlm_query_batched(['MIDDLE-TASK', 'LEAF-TASK'])))") },
    { name: "sub", when: { model: "scripted-sub" }, reply: "ok" },
  ]);
  expect(await cluster.run({ id: "family", signature: "-> answer: str", limits: { maxDepth: 2 } })).toMatchObject({ outputs: { answer: "ok ok" } });
  const family = (await names()).filter((name) => name.startsWith("manifests/") && !namesBefore.includes(name));
  expect(family).toHaveLength(4);
  age();
  const { children } = await deleteRun(cluster.client, inventory, "family", { askServer: true });
  expect(children).toHaveLength(3);
  expect(await names()).toEqual(namesBefore);
  expect(await digests()).toEqual(before);
  const { workflow } = await cluster.client.temporal();
  for (const id of [...children, "family"]) await vi.waitUntil(() => workflow.getHandle(id).describe().then(() => false, () => true), { timeout: 60_000, interval: 100 });
});

it("refuses to delete a run while a child of it is open", async () => {
  cluster.model.reset();
  cluster.model.setRules([
    { name: "child", when: { model: "scripted-root", system: "OPEN-CHILD" }, reply: "late", delayMs: 600_000 },
    { name: "top", when: { model: "scripted-root" }, reply: "```python\nrlm_query('OPEN-CHILD')\n```" },
  ]);
  await cluster.start({ id: "left", signature: "-> answer: str", limits: { maxDepth: 1 } });
  await vi.waitUntil(() => cluster.model.ledger().some(({ rule }) => rule === "child"), { timeout: 60_000 });
  // With no worker, the child cannot close when its parent is gone.
  await cluster.killWorkers();
  await (await cluster.client.temporal()).workflow.getHandle("left").terminate();
  const isListedClosed = async () => (await findExecutions(cluster.client, "left")).some(({ open }) => !open);
  await vi.waitUntil(isListedClosed, { timeout: 30_000, interval: 100 });
  await expect(deleteRun(cluster.client, inventory, "left", { askServer: true })).rejects.toThrow(/^The run "(left~[^"]+)", a child run of "left", is open\. Stop it first: `rlm cancel \1`\.$/);
  await cluster.startWorker();
  await vi.waitUntil(() => deleteRun(cluster.client, inventory, "left", { askServer: true }).then(({ children }) => children.length === 1, () => false), { timeout: 60_000, interval: 500 });
  // The server lists them for a while yet, and what they refer to would be missing.
  const { workflow } = await cluster.client.temporal();
  const listed = () => collect(workflow.list()).then((all) => all.some(({ workflowId }) => workflowId.startsWith("left")));
  await vi.waitUntil(async () => !(await listed()), { timeout: 60_000, interval: 200 });
}, 150_000);

it("refuses to delete an open run", async () => {
  const held = await startHeldRun("busy");
  await expect(deleteRun(cluster.client, inventory, "busy", { askServer: true })).rejects.toThrow('The run "busy" is open. Stop it first: `rlm cancel busy`.');
  held.release();
  await cluster.killWorkers();
  await cluster.startWorker();
  expect((await cluster.result("busy")).status).toBe("answered");
});

it("removes nothing when a record is gone that others hang on", async () => {
  const { trajectoryRef } = (await readManifest(cluster.store, "closed"))!;
  const orphan = await cluster.store.put(Buffer.from("another orphan"));
  const whole = readFileSync(await cluster.store.localPath(trajectoryRef!.digest));
  age();
  await inventory.sweep([trajectoryRef!.digest], Date.now());
  await expect(collectNow()).rejects.toThrow(GarbageUnknownError);
  expect(await cluster.store.has(orphan.digest)).toBe(true);
  expect((await collectNow(true)).missing).toEqual([trajectoryRef!.digest]);
  await cluster.store.put(whole);
  expect((await collectNow()).missing).toEqual([]);
});

it("refuses while another namespace has runs in the store, keeps their blobs when a run is deleted, and goes on once that namespace is forgotten", async () => {
  const temporal = await cluster.client.temporal();
  await temporal.workflowService.registerNamespace({ namespace: "another", workflowExecutionRetentionPeriod: msToTs("1 day") });
  const client = new Client({ connection: temporal.connection, namespace: "another" });
  const theirs = { store: cluster.store, temporal: async () => client };
  await vi.waitUntil(() => namespaceOf(theirs).then((own) => rememberNamespace(cluster.store, own)).then(() => true, () => false), { timeout: 30_000 });
  const orphan = await cluster.store.put(Buffer.from("garbage, or the data of a run of theirs"));
  age();
  const before = await digests();
  const refused = await collectNow().catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ForeignNamespaceError);
  expect(refused).toMatchObject({ namespace: "another", code: "foreign_namespace", message: expect.stringContaining("its open runs cannot be seen from here") });
  await expect(collectNow(true)).rejects.toThrow(ForeignNamespaceError);
  expect((await deleteRun(cluster.client, inventory, "busy", { askServer: true })).removed.blobs).toBe(0);
  expect(await digests()).toEqual(before);
  await forgetNamespace(cluster.store, (refused as ForeignNamespaceError).id);
  expect((await collectNow()).removed.blobs).toBeGreaterThan(0);
  expect(await cluster.store.has(orphan.digest)).toBe(false);
});
