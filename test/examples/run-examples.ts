import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { generateChronicles } from "../../examples/data/chronicles.js";
import { plantFeature } from "../../examples/data/code-base.js";
import { generateDepotLog } from "../../examples/data/depot-log.js";
import { generateDiary } from "../../examples/data/diary.js";
import { generateLetters } from "../../examples/data/letters.js";
import { generateReviews } from "../../examples/data/reviews.js";
import { compiledProgram, packageRoot } from "../../src/stack/package-files.js";
import { stopStack } from "../../src/stack/stop-stack.js";
import { startScriptedModelServer, type ScriptedModelServer } from "../../src/testing/index.js";
import { seedHome } from "../helpers/shared-base-image.js";
import { testTemporalCli } from "../helpers/temporal-cli.js";
import { CLUSTERING_MODEL } from "./models/clustering.js";
import { CODE_BASE_MODEL } from "./models/code-base.js";
import { FUZZY_DATES_MODEL } from "./models/fuzzy-dates.js";
import { SUMMARY_MODEL } from "./models/long-summary.js";
import { MULTI_HOP_MODEL } from "./models/multi-hop.js";
import { NEEDLE_MODEL } from "./models/needle-in-logs.js";
import { REVIEWS_MODEL } from "./models/reviews.js";

/** New at every run: the answers are found, not written down. */
const SEED = String(Math.floor(Math.random() * 1e9));

/** Every example, on generated data of this size, finds what the generator knows to be true. */
export function testExamples(bytes: number, timeoutMs: number): void {
  const data = { seed: SEED, bytes };
  let home: string;
  let model: ScriptedModelServer;
  beforeAll(async () => {
    home = mkdtempSync(path.join(tmpdir(), "rlm-examples-"));
    await seedHome(home);
    model = await startScriptedModelServer({ rules: [...NEEDLE_MODEL, ...SUMMARY_MODEL, ...CODE_BASE_MODEL, ...MULTI_HOP_MODEL, ...CLUSTERING_MODEL, ...REVIEWS_MODEL, ...FUZZY_DATES_MODEL] });
  });
  afterAll(async () => {
    await stopStack(home);
    await model.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** Runs an example as a user does, from a shell against a model server; what it prints. */
  async function run(name: string): Promise<unknown> {
    const env = {
      PATH: process.env["PATH"] ?? "", HOME: home, RLM_HOME: home, RLM_POOL_SIZE: "0", RLM_TEMPORAL_CLI: await testTemporalCli(),
      OPENAI_BASE_URL: model.url, RLM_MODEL: "scripted-root", RLM_SUB_MODEL: "scripted-sub",
    };
    const child = spawn(process.execPath, [compiledProgram(`examples/${name}.js`), "--seed", SEED, "--bytes", String(bytes)], { env, cwd: packageRoot(), stdio: ["ignore", "pipe", "pipe"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) child[stream].setEncoding("utf8").on("data", (chunk: string) => (said[stream] += chunk));
    const [code] = (await once(child, "close")) as [number | null];
    expect({ code, stderr: said.stderr }, `seed ${SEED}`).toEqual({ code: 0, stderr: "" });
    return JSON.parse(said.stdout);
  }

  it.each([
    ["needle-in-logs", () => generateDepotLog(data).truth],
    ["multi-hop", () => generateChronicles(data).truth],
    ["reviews", () => generateReviews(data).truth],
    ["clustering", () => {
      const { content: _, ...complaints } = generateReviews(data).truth.counts;
      return { sizes: Object.values(complaints).toSorted((a, b) => b - a) };
    }],
    ["fuzzy-dates", () => generateLetters(data).truth],
    ["long-summary", () => {
      const { truth } = generateDiary(data);
      return { ...truth, summary: expect.stringContaining(truth.leader) as unknown };
    }],
    ["code-base", () => plantFeature({ root: path.join(packageRoot(), "node_modules"), ...data }).truth],
  ])("%s finds what the generator of its data knows to be true", async (name, truthOf) => {
    expect(await run(name), `seed ${SEED}`).toMatchObject({ status: "answered", outputs: truthOf(), right: true });
  }, timeoutMs);
}
