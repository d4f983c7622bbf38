import { existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it, vi } from "vitest";
import { makeWheel } from "../repl/packages/make-wheel.js";
import { runCli } from "../helpers/run-cli.js";
import { seedHome } from "../helpers/shared-base-image.js";
import { tempDir } from "../helpers/temp-dir.js";

/** Each dry run opens a sandbox; in a new home it boots one. */
vi.setConfig({ testTimeout: 240_000 });

/** A home that was used before. */
async function usedHome(): Promise<string> {
  const home = await tempDir();
  await seedHome(home);
  return home;
}

const price = { inputUsdPerMillion: 1, outputUsdPerMillion: 4 };

it("shows prompts, limits and the worst-case cost without key, server or stack, and leaves nothing of the run behind", async () => {
  const home = await tempDir();
  makeWheel(home, "words-1.2-py3-none-any.whl", { "words.py": "def shout(text):\n    return text.upper()\n", "words-1.2.dist-info/METADATA": "Name: words\nVersion: 1.2\n" });
  writeFileSync(path.join(home, "setup.py"), "from words import shout\n");
  const config = path.join(home, "rlm.config.json");
  writeFileSync(config, JSON.stringify({ model: "big", models: { big: { price, contextTokens: 100_000, maxOutputTokens: 20_000 } }, limits: { maxLlmCalls: 8 } }));
  const env = { RLM_HOME: path.join(home, "state"), RLM_CONFIG: config, TMPDIR: home };
  const args = ["run", "-s", "logs, question -> answer: list[str]", "-i", "logs=HEAD of the log", "-i", "question=Which?", "--max-iterations", "5", "--packages", home, "--setup", path.join(home, "setup.py"), "--dry-run"];
  const json = await runCli([...args, "--json"], { env });
  expect(json.stderr).toBe("");
  expect(json.code).toBe(0);
  const plan = JSON.parse(json.stdout) as { worstCase: { costUsd: number } };
  expect(plan).toMatchObject({ dryRun: true, limits: { maxIterations: 5, maxLlmCalls: 8 }, models: { root: { name: "big" }, sub: { name: "big" } }, worstCase: { rootCalls: 10, subCalls: 8, unknown: [] } });
  expect(plan.worstCase.costUsd).toBeCloseTo(34 * (0.08 * 1 + 0.02 * 4), 10);
  expect(plan).toMatchObject({ prompts: { firstCall: [{ role: "system", content: expect.stringMatching(/`logs`: str, 15 characters[^]*- 5 turns[^]*- 8 sub-calls/) }, { role: "user" }] } });

  const text = await runCli(args, { env });
  expect(text.stdout).toMatch(/cost {4}\$5\.44[^]*HEAD of the log[^]*Nothing was started\./);
  expect(existsSync(path.join(home, "state", "temporal.db"))).toBe(false);
  expect(readdirSync(home).filter((name) => name.startsWith("rlm-dry-run-"))).toEqual([]);
});

it("says unknown when a price is, and refuses wrong inputs as a real run would", async () => {
  const env = { RLM_HOME: await usedHome() };
  const unknown = await runCli(["run", "-s", "q -> a", "-i", "q=x", "--dry-run"], { env });
  expect(unknown.stdout).toMatch(/cost {4}unknown\nNot known: contextTokens of gpt-5, price of gpt-5\./);
  const refused = await runCli(["run", "-s", "q -> a", "--dry-run"], { env });
  expect(refused).toMatchObject({ code: 2, stdout: "" });
});

it("plans three attempts and no sub-calls for predict, and refuses a setup that would fail", async () => {
  const home = await usedHome();
  const predict = await runCli(["run", "-s", "q -> a", "-i", "q=x", "--strategy", "predict", "--dry-run"], { env: { RLM_HOME: home } });
  expect(predict.stdout).toMatch(/maxIterations {6}3\n[^]*\n5 root calls [^]*, 0 sub-calls /);
  expect(predict.stdout).not.toContain("Prompt of a sub-call");
  const setup = path.join(home, "setup.py");
  writeFileSync(setup, "def f(:");
  const refused = await runCli(["run", "-s", "q -> a", "-i", "q=x", "--setup", setup, "--dry-run"], { env: { RLM_HOME: home } });
  expect(refused).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/The setup failed:[^]*SyntaxError[^]*Mend the file of --setup\./) });
});

it("takes a file of tools in TypeScript where Node runs it, else says which Node does", async () => {
  const home = await usedHome();
  const file = path.join(home, "tools.ts");
  writeFileSync(file, `import { tool } from "durable-rlm";
import { z } from "zod";
export const shout = tool({ name: "shout", description: "Louder.", parameters: z.object({ text: z.string() }), run: ({ text }: { text: string }): string => text.toUpperCase() });
`);
  const { code, stdout, stderr } = await runCli(["run", "-s", "q -> a", "-i", "q=x", "--tools", file, "--dry-run"], { env: { RLM_HOME: home } });
  const runsTypeScript = Boolean(Reflect.get(process.features, "typescript"));
  if (runsTypeScript) expect(stdout).toContain("`shout(text: str)`: Louder.");
  else expect(stderr).toMatch(/does not run TypeScript by itself: use Node 22\.18 or newer, or compile the file to \.mjs/);
  expect(code).toBe(runsTypeScript ? 0 : 2);
});
