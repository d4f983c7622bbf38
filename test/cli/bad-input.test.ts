import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { startScriptedModelServer } from "../../src/testing/index.js";
import { runCli } from "../helpers/run-cli.js";
import { tempDir } from "../helpers/temp-dir.js";

const RUN = ["run", "-s", "q, n?: int -> answer"];
const GOOD = [...RUN, "-i", "q=why"];

it.each<[string, readonly string[], number, RegExp]>([
  ["an unknown option", [...GOOD, "--modle", "x"], 2, /unknown option '--modle'\n\(Did you mean --model\?\)/],
  ["an unknown command", ["runn"], 2, /unknown command 'runn'\n\(Did you mean run\?\)/],
  ["a missing argument", ["show"], 2, /missing required argument 'id'/],
  ["no signature", ["run"], 2, /There is no signature\.\nGive one of them/],
  ["a malformed signature", ["run", "-s", "q - answer"], 2, /Signature, column 3: [^]*\^\n/],
  ["a missing and an undeclared input", [...RUN, "-i", "qq=1"], 2, /Input `qq` is not declared[^]*Input `q` is missing/],
  ["an unreadable file", [...RUN, "-i", "q=@/nowhere/q.txt"], 2, /\/nowhere\/q\.txt: there is no such file/],
  ["bad JSON", [...GOOD, "-i", "n:={3"], 2, /Input n: not valid JSON/],
  ["a value of another type", [...GOOD, "-i", "n=three"], 2, /n: expected int/],
  ["bad limits, all at once", [...GOOD, "--max-iterations", "0", "--timeout", "60", "--on-limit", "x"], 2, /--timeout: "60" is not a duration[^]*--max-iterations is 0[^]*--on-limit is "x"/],
  ["an unusable id", [...GOOD, "--id", "a\nb"], 2, /cannot be printed/],
  ["a missing program", ["run", "--program", "/nowhere.json"], 2, /The program \/nowhere\.json cannot be used/],
  ["packages that are not there", [...GOOD, "--packages", "/nowhere"], 2, /--packages \/nowhere: the directory \/nowhere cannot be read/],
  ["an unknown run", ["show", "nope"], 6, /There is no run with the id "nope"/],
  ["an unknown run's result", ["result", "nope"], 6, /There is no run/],
])("refuses %s before anything is started", async (_what, args, code, message) => {
  const home = await tempDir();
  const result = await runCli(args, { env: { RLM_HOME: home, OPENAI_BASE_URL: "http://127.0.0.1:9/v1", RLM_MODEL: "m" } });
  expect(result.stderr).toMatch(message);
  expect(result).toMatchObject({ code, stdout: "" });
  expect(await readdir(home)).not.toContain("stack.json");
});

it("says without a key how to give one", async () => {
  const result = await runCli(GOOD, { env: { RLM_HOME: await tempDir() } });
  expect(result).toMatchObject({ code: 4, stdout: "" });
  expect(result.stderr).toMatch(/OPENAI_API_KEY is not set\.\nSet OPENAI_API_KEY, or OPENAI_BASE_URL/);
});

it("asks the model server, free of charge, before anything is started", async () => {
  await using model = await startScriptedModelServer({ rules: [], requireKey: "right" });
  const home = await tempDir();
  const attempt = (env: Record<string, string>, ...args: string[]) => runCli([...GOOD, ...args], { env: { RLM_HOME: home, OPENAI_BASE_URL: model.url, RLM_MODEL: "scripted-root", ...env } });
  const wrongKey = await attempt({ OPENAI_API_KEY: "wrong" }, "--json");
  expect(wrongKey.code).toBe(4);
  expect(JSON.parse(wrongKey.stderr)).toMatchObject({ error: { code: "credentials", hint: expect.stringContaining("OPENAI_API_KEY") } });
  const unknownModel = await attempt({ OPENAI_API_KEY: "right" }, "--model", "scripted-rot");
  expect(unknownModel).toMatchObject({ code: 2, stderr: expect.stringMatching(/does not offer the model "scripted-rot"[^]*Did you mean scripted-root/) });
  await model.close();
  const unreachable = await attempt({ OPENAI_API_KEY: "right" });
  expect(unreachable).toMatchObject({ code: 1, stderr: expect.stringMatching(/Check OPENAI_BASE_URL/) });
  expect(model.ledger()).toEqual([]);
  expect(await readdir(home)).not.toContain("stack.json");
});

it("needs prices for a budget in money", async () => {
  const result = await runCli([...GOOD, "--budget-usd", "1"], { env: { RLM_HOME: await tempDir(), OPENAI_API_KEY: "k" } });
  expect(result).toMatchObject({ code: 2, stderr: expect.stringMatching(/--budget-usd needs the price of gpt-5/) });
});

it("names unknown settings of the project file", async () => {
  const cwd = await tempDir();
  await writeFile(path.join(cwd, "rlm.config.json"), "{\"modells\": {}}");
  const result = await runCli(GOOD, { cwd, env: { RLM_HOME: await tempDir() } });
  expect(result).toMatchObject({ code: 2, stderr: expect.stringMatching(/"modells" is not a setting\. Did you mean "models"\?/) });
});

it("says that a configured Temporal server does not answer", async () => {
  const result = await runCli(["ls", "--json"], { env: { RLM_HOME: await tempDir(), TEMPORAL_ADDRESS: "127.0.0.1:9" } });
  expect(result.code).toBe(5);
  expect(JSON.parse(result.stderr)).toMatchObject({ error: { code: "temporal_unreachable", message: expect.stringContaining("127.0.0.1:9") } });
});

it("prints help with examples for every command, and the version", async () => {
  const env = { RLM_HOME: await tempDir() };
  const help = await runCli(["--help"], { env });
  expect(help).toMatchObject({ code: 0, stderr: "" });
  const commands = [...help.stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = ""]) => name).filter((name) => name !== "help");
  expect(commands).toEqual(["run", "watch", "result", "show", "trajectory", "ls", "pause", "resume", "steer", "budget", "retry", "cancel", "fork", "diff", "dashboard", "batch", "schedule", "delete", "gc", "up", "down", "status", "doctor", "worker"]);
  for (const command of commands) {
    expect((await runCli([command, "--help"], { env })).stdout, command).toMatch(/Examples:\n {2}\$ .*rlm /);
  }
  expect((await runCli(["--version"], { env })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it("lists nothing on a fresh machine without starting anything", async () => {
  const home = await tempDir();
  expect(await runCli(["ls", "--json"], { env: { RLM_HOME: home } })).toMatchObject({ code: 0, stdout: "{\n  \"runs\": []\n}\n", stderr: "" });
  const status = await runCli(["status", "--json"], { env: { RLM_HOME: home } });
  expect(JSON.parse(status.stdout)).toMatchObject({ running: false, home, address: null, pids: { stack: null, server: null, worker: null } });
});
