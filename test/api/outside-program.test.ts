import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { stopStack } from "../../src/stack/stop-stack.js";
import { startScriptedModelServer, type ScriptedRule } from "../../src/testing/index.js";
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

it("lets a program outside run typed tasks on the embedded stack: watch, attach, stored inputs, schemas, refusals, abort", async () => {
  const home = tempHome();
  onTestFinished(async () => void (await stopStack(home)));
  const model = await startScriptedModelServer({ rules: RULES });
  onTestFinished(() => model.close());
  const program = await outsidePackage({ "program.ts": { copyOf: fileURLToPath(new URL("fixtures/outside-program.ts", import.meta.url)) } });
  expect(program.compile()).toBe("");
  const logFile = path.join(program.directory, "app.log");
  writeFileSync(logFile, "a line\n".repeat(1000));

  const env = { PATH: process.env["PATH"] ?? "", HOME: home, RLM_HOME: home, OPENAI_BASE_URL: model.url, RLM_TEMPORAL_CLI: await testTemporalCli() };
  const child = spawn(process.execPath, [path.join(program.directory, "out", "program.js"), logFile, "outside-1", home, model.url], { env, cwd: program.directory, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  expect(stderr).toBe("");
  // It ended by itself: an open connection does not keep a program alive.
  expect(code).toBe(0);

  const told = JSON.parse(stdout) as Record<string, unknown> & { readonly events: readonly string[] };
  expect(told.events).toEqual(expect.arrayContaining(["started", "inputs-ready", "turn-planned", "cell-suspended", "turn-finished", "closed"]));
  expect(told).toMatchObject({
    severity: "high", status: "answered", turns: 2, llmCalls: 1, again: "answered", count: 10_020, year: 2026,
    outputs: { answer: "payments 7000", severity: "high", exact: "18446744073709551617" },
    refused: ["limit", expect.stringContaining("limit")], aborted: "AbortError", closed: true,
  });
  // Refused at the door: no model was asked for it.
  expect(model.stats().byRule["triage"]?.requests).toBe(2);
}, 180_000);
