import { expect, it, vi } from "vitest";
import { readPackagesFlag } from "../../src/repl/packages/read-packages-flag.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { tempDir } from "../helpers/temp-dir.js";
import { makeCompiledModule, makeWheel } from "../repl/packages/make-wheel.js";

const cluster = await clusterForFile();

it("a run whose cells use a compiled package goes on with the package's state when its worker is killed in mid-cell", async () => {
  const wheels = await tempDir();
  const { path, bytes } = await makeCompiledModule("tinya");
  makeWheel(wheels, "tiny-0.1-cp314-cp314-pyemscripten_2026_0_wasm32.whl", { [path]: bytes });
  const packages = { RLM_PACKAGES: readPackagesFlag(wheels, "/") };
  const killed = await cluster.startWorker(packages);
  cluster.script([
    "import tinya\ncount = tinya.count\nprint(count(), count())",
    "before = count()\nreply = llm_query('how many?')\nafter = count()",
    "SUBMIT(answer=f'{before} {after} {count()} {tinya.count()} {reply}')",
  ], { reply: "enough", delayMs: 1500 });
  const id = await cluster.start({ signature: "q -> answer", inputs: { q: "?" } });
  await vi.waitUntil(() => cluster.model.ledger().some(({ rule }) => rule === "sub"), { timeout: 60_000, interval: 5 });
  await killed.kill();
  await cluster.startWorker(packages);
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "3 4 5 6 enough" } });
}, 120_000);
