import { createHash } from "node:crypto";
import { expect, it, vi } from "vitest";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";

const cluster = await clusterForFile();
let worker = await cluster.startWorker();

it("works through a text above the threshold, and goes on in it after its worker was killed", async () => {
  const logs = Array.from({ length: 60_000 }, (_, n) => `line ${n}: ${n % 1000 === 0 ? "fehlgeschlagen – 失敗" : "ok"}`).join("\n");
  const cells = [
    "failed = list(logs.finditer('失敗'))\nlines = logs.splitlines()\nprint(type(logs).__name__, len(logs), len(failed))",
    "r = llm_query(logs[failed[1].start() - 30 : failed[1].end()])",
    "import hashlib\nh = hashlib.sha256()\nfor line in logs:\n    h.update(line.encode() + b'\\n')\nSUBMIT(answer=f'{h.hexdigest()} {len(lines)} {lines[2000]} {r}')",
  ];
  cluster.script(cells, { reply: "seen", delayMs: 1500 });
  const id = await cluster.start({ signature: "logs -> answer", inputs: { logs }, limits: { lazyTextAboveBytes: 1_000_000 } });
  await vi.waitUntil(() => cluster.model.ledger().some(({ rule }) => rule === "sub"), { timeout: 30_000, interval: 5 });
  await worker.kill();
  worker = await cluster.startWorker();
  const digest = createHash("sha256").update(logs).update("\n").digest("hex");
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: `${digest} 60000 line 2000: fehlgeschlagen – 失敗 seen` } });
  expect((await readTrajectory(cluster.client, id)).turns[0]?.observation).toBe(`LazyText ${Array.from(logs).length} 60\n`);
}, 120_000);

it("tells the model what a LazyText is, and what works on it", async () => {
  cluster.model.reset();
  let system = "";
  cluster.model.setRules([{ name: "root", reply: (request) => {
    system = request.system;
    return "```python\nSUBMIT(answer=str(len(logs)))\n```";
  } }]);
  expect(await cluster.run({ signature: "logs -> answer", inputs: { logs: "x".repeat(2000) }, limits: { lazyTextAboveBytes: 1000 } })).toMatchObject({ outputs: { answer: "2000" } });
  expect(system).toContain("`logs`: LazyText, 2,000 characters.");
  expect(system).toContain("A `LazyText` is a read-only text too large for memory.");
});
