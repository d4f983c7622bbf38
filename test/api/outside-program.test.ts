import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { stopStack } from "../../src/stack/stop-stack.js";
import { startScriptedModelServer, type ScriptedRule } from "../../src/testing/index.js";
import { seedHome } from "../helpers/shared-base-image.js";
import { testTemporalCli } from "../helpers/temporal-cli.js";
import { tempHome } from "../stack/temp-home.js";
import { outsidePackage } from "./outside-package.js";

const RULES: readonly ScriptedRule[] = [
  {
    name: "triage", when: { system: "case triage" },
    turns: [
      "Look.\n```python\nprint(len(logs), question, limit)\n```",
      "```python\nSUBMIT(answer=llm_query('who?') + f' {len(logs)}', severity='high', exact=limit + 1)\n```",
    ],
  },
  { name: "count", when: { system: "case count" }, turns: ["```python\nSUBMIT(count=len((lines + more).splitlines()) * int(scale), at='2026-01-31')\n```"] },
  { name: "endless", when: { model: "scripted-root" }, turns: ["```python\nllm_query('hang')\n```"] },
  { name: "hang", when: { last: "hang" }, reply: "never", fault: { type: "hang" } },
  { name: "sub", when: { model: "scripted-sub" }, reply: "payments" },
];

const fixture = (name: string) => ({ copyOf: fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)) });

it("lets a program outside run typed tasks on the embedded stack: watch, attach, stored inputs, schemas, refusals, abort", async () => {
  const home = tempHome();
  await seedHome(home);
  onTestFinished(async () => void (await stopStack(home)));
  const model = await startScriptedModelServer({ rules: RULES });
  onTestFinished(() => model.close());
  const program = await outsidePackage({ "program.ts": fixture("outside-program.ts"), "attach.ts": fixture("attach-program.ts") });
  expect(program.compile()).toBe("");
  const { directory } = program;
  const logFile = path.join(directory, "app.log");
  writeFileSync(logFile, "a line\n".repeat(1000));

  const env = { PATH: process.env["PATH"] ?? "", HOME: home, RLM_HOME: home, RLM_POOL_SIZE: "0", OPENAI_BASE_URL: model.url, RLM_TEMPORAL_CLI: await testTemporalCli() };
  const run = async (name: string, ...args: readonly string[]): Promise<unknown> => {
    const child = spawn(process.execPath, [path.join(directory, "out", name), ...args], { env, cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) child[stream].setEncoding("utf8").on("data", (chunk: string) => (said[stream] += chunk));
    const [code] = (await once(child, "close")) as [number | null];
    // It ends by itself: an open connection does not keep a program alive.
    expect({ code, stderr: said.stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(said.stdout);
  };
  const told = (await run("program.js", logFile, "outside-1", home, model.url)) as Record<string, unknown> & { readonly events: readonly string[] };
  expect(told.events).toEqual(expect.arrayContaining(["started", "inputs-ready", "turn-planned", "cell-suspended", "turn-finished", "closed"]));
  expect(told).toMatchObject({
    severity: "high", status: "answered", turns: 2, llmCalls: 1, again: "answered", count: 10_020, year: 2026,
    outputs: { answer: "payments 7000", severity: "high", exact: "18446744073709551617" },
    refused: ["limit", expect.stringContaining("limit")], aborted: "AbortError", closed: true,
  });
  expect(await run("attach.js", "outside-1")).toEqual({ outputs: { answer: "payments 7000", severity: "high" }, exact: "18446744073709551617", types: expect.arrayContaining(["started", "closed"]) });
  // Refused at the door: no model was asked for it.
  expect(model.stats().byRule["triage"]?.requests).toBe(2);
}, 180_000);
