import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { ResultDocument } from "../../src/core/result.js";
import { isProcessAlive, readProcessIdentity } from "../../src/stack/process/process-identity.js";
import type { StackStatus } from "../../src/stack/stack-status.js";
import { stopStack } from "../../src/stack/stop-stack.js";
import { startScriptedModelServer, type ScriptedModelServer, type ScriptedRule } from "../../src/testing/index.js";
import { runCli, startCli, type CliResult, type RunningCli } from "../helpers/run-cli.js";
import { seedHome } from "../helpers/shared-base-image.js";
import { testTemporalCli } from "../helpers/temporal-cli.js";

/** Holds back the answers from the third `slow` call on while it is closed: a run stands still there until the test has looked. */
class Gate {
  #opened: Promise<void> = Promise.resolve();
  #open: () => void = () => undefined;
  close(): void {
    this.#opened = new Promise((resolve) => (this.#open = resolve));
  }
  open(): void {
    this.#open();
  }
  async pass(call: number): Promise<void> {
    if (call >= 2) await this.#opened;
  }
}
const gate = new Gate();

/** The script of a task is chosen by its instructions, which the root model reads. */
const RULES: readonly ScriptedRule[] = [
  {
    name: "short", when: { system: "case short" },
    turns: [
      "Look first.\n```python\nprint(len(logs), tags, n)\nfirst = llm_query('first')\n```",
      "Then ask.\n```python\nrest = llm_query_batched(['a', 'b', 'c'])\nSUBMIT(answer='-'.join([first, *rest]), exact=2**80)\n```",
    ],
  },
  {
    name: "long", when: { system: "case long" },
    turns: [
      "```python\nimport itertools\ncounter = itertools.count(10)\nnext(counter)\nprint('\\x1b[2J one')\n```",
      "```python\nparts = [llm_query(f'slow {i}') for i in range(6)]\n```",
      "```python\nSUBMIT(answer=' '.join(parts) + ' ' + str(next(counter)))\n```",
    ],
  },
  { name: "tools", when: { system: "case tools", turn: 1 }, reply: "```python\nSUBMIT(answer=f'{shout(decorate(\"a\"))}')\n```" },
  { name: "endless", when: { system: "case endless" }, turns: ["```python\nllm_query('hang')\n```"] },
  { name: "hang", when: { last: "hang" }, reply: "never", fault: { type: "hang" } },
  { name: "slow", when: { last: /^slow (\d)$/ }, reply: ({ groups: [n = ""] }) => gate.pass(Number(n)).then(() => `s${n}`) },
  { name: "sub", when: { model: "scripted-sub" }, reply: "ok" },
];

let home: string;
let model: ScriptedModelServer;
let env: Record<string, string>;

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), "rlm-cli-e2e-"));
  await seedHome(home);
  model = await startScriptedModelServer({ rules: RULES, requireKey: "key-1" });
  env = {
    RLM_HOME: home, OPENAI_BASE_URL: model.url, OPENAI_API_KEY: "key-1", RLM_MODEL: "scripted-root", RLM_SUB_MODEL: "scripted-sub",
    RLM_TEMPORAL_CLI: await testTemporalCli(),
  };
}, 300_000);
afterAll(async () => {
  await stopStack(home);
  await model.close();
  await rm(home, { recursive: true, force: true });
});

const rlm = (...args: readonly string[]): Promise<CliResult> => runCli(args, { env });
const start = (...args: readonly string[]): RunningCli => startCli(args, { env });
const simple = (task: string, id: string): string[] => ["run", "-s", "q -> answer", "-i", "q=?", "--instructions", `case ${task}`, "--id", id];
const readJson = ({ stdout }: CliResult): unknown => JSON.parse(stdout);

/** Until the cell waits for the answer that the gate holds back. */
const held = (): Promise<void> => until(async () => model.stats().byRule["slow"]?.requests === 3);

beforeEach(() => {
  gate.open();
  model.reset();
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 100));
}

it("runs two commands at once on a stack that neither of them had to start by hand", async () => {
  const logs = path.join(home, "my.log");
  await writeFile(logs, "x".repeat(1_000_000));
  const args = (id: string, ...more: string[]) => [
    "run", "-s", "logs, question, tags: list[str], n: int -> answer, exact: int", "--instructions", "case short", "--id", id,
    "-i", `logs=@${logs}`, "-i", "question=@-", "-i", "tags:=[\"t\"]", "-i", "n=7", ...more,
  ];
  const [plain, json] = await Promise.all([
    runCli(args("plain"), { env, input: "why?" }),
    runCli(args("json", "--json", "--out", path.join(home, "result.json"), "--verbose"), { env, input: "why?" }),
  ]);
  expect(plain).toMatchObject({ code: 0, stdout: `answer: ok-ok-ok-ok\nexact: ${2n ** 80n}\n` });
  expect(plain.stderr).toMatch(/turn 1: running its code\n[^]*turn 2: 3 calls\n[^]*answered in 2 turns, 4 of 50 sub-calls/);
  expect(json.code).toBe(0);
  expect(json.stdout).toContain(`"exact": ${2n ** 80n}`);
  expect(json.stderr).toMatch(/── turn 1: reasoning ──\nLook first\.\n── turn 1: code ──\nprint\(len[^]*── turn 1: output ──\n1000000 \['t'\] 7/);
  expect(readJson(json)).toMatchObject({ workflowId: "json", status: "answered", reason: null, turns: 2, llmCalls: 4, maxLlmCalls: 50 });

  model.reset();
  const again = await runCli(args("plain"), { env, input: "why?" });
  expect(again).toMatchObject({ code: 0, stdout: plain.stdout });
  const other = await runCli(args("plain"), { env, input: "why not?" });
  expect(other).toMatchObject({ code: 2, stderr: expect.stringMatching(/The id "plain" belongs to a run with another signature, other inputs/) });
  expect(model.ledger()).toEqual([]);
  // The stack starts here, and makes its base image.
}, 180_000);

it("detaches, and shows a running run to every command", async () => {
  gate.close();
  expect(await rlm(...simple("long", "detached"), "--detach")).toMatchObject({ code: 0, stdout: "detached\n" });
  const attached = start(...simple("long", "detached"));
  await held();
  await attached.seen("detached is under way; following it");
  const [shown, listed, pending, trajectory] = await Promise.all([rlm("show", "detached", "--json"), rlm("ls", "--json"), rlm("result", "detached", "--no-wait", "--json"), rlm("trajectory", "detached", "--json")]);
  expect(readJson(shown)).toMatchObject({ status: "running", outputs: null, turns: 2, signature: "q: str -> answer: str" });
  expect(readJson(listed)).toMatchObject({ runs: expect.arrayContaining([expect.objectContaining({ workflowId: "detached", status: "running" })]) });
  expect(pending.code).toBe(75);
  const { turns } = readJson(trajectory) as { turns: { turn: number; observation: string | null; calls: { prompt: string; reply: string | null }[] }[] };
  expect(turns).toMatchObject([{ turn: 1, observation: "\u001b[2J one\n" }, { turn: 2, observation: null }]);
  expect(turns[1]?.calls[0]).toMatchObject({ prompt: "slow 0", reply: "s0" });

  gate.open();
  const watched = await rlm("watch", "detached", "--json");
  const events = watched.stdout.trim().split("\n").map((line) => JSON.parse(line) as { type: string; result?: ResultDocument });
  expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(["started", "turn-planned", "cell-suspended", "calls-answered", "turn-finished", "closed"]));
  expect(events.at(-1)).toMatchObject({ type: "result", result: { status: "answered", outputs: { answer: "s0 s1 s2 s3 s4 s5 11" }, llmCalls: 6 } });
  expect(await attached.done).toMatchObject({ code: 0, stdout: "s0 s1 s2 s3 s4 s5 11\n" });
});

it("leaves a run at Ctrl-C and says how to go on", async () => {
  gate.close();
  const running = start(...simple("long", "left"));
  await running.seen("turn 2: running its code");
  running.child.kill("SIGINT");
  expect(await running.done).toMatchObject({ code: 130, stdout: "", stderr: expect.stringMatching(/Detached; the run goes on\.\n {2}rlm watch left/) });
  gate.open();
  expect(await rlm("result", "left")).toMatchObject({ code: 0, stdout: "s0 s1 s2 s3 s4 s5 11\n" });
});

it("cancels by command and by Ctrl-C", async () => {
  await rlm(...simple("endless", "stopped"), "--detach");
  await until(async () => (model.stats().byRule["hang"]?.requests ?? 0) >= 1);
  expect(await rlm("result", "stopped", "--wait-timeout", "200ms", "--json")).toMatchObject({ code: 124, stderr: expect.stringContaining("\"timed_out\"") });
  expect(readJson(await rlm("cancel", "stopped", "--json"))).toEqual({ workflowId: "stopped", requested: true, status: "cancelled", reason: null });
  expect(await rlm("result", "stopped")).toMatchObject({ code: 1, stderr: expect.stringMatching(/^cancelled in 1 turn/m) });

  const running = start(...simple("endless", "interrupted"), "--cancel-on-interrupt");
  await running.seen("turn 1: running its code");
  running.child.kill("SIGINT");
  expect(await running.done).toMatchObject({ code: 1, stderr: expect.stringMatching(/cancelled in 1 turn/) });
});

it("blocks when the key is revoked and finishes after a retry with a new one", async () => {
  gate.close();
  const running = start(...simple("long", "revoked"), "--json");
  await held();
  model.setRequiredKey("key-2");
  gate.open();
  await running.seen("blocked (credentials)");
  expect(readJson(await rlm("show", "revoked", "--json"))).toMatchObject({ status: "blocked", reason: "credentials" });
  expect(await runCli(["retry", "revoked"], { env: { ...env, OPENAI_API_KEY: "key-2" } })).toMatchObject({ code: 0 });
  const done = await running.done;
  expect(done.code).toBe(0);
  expect(readJson(done)).toMatchObject({ status: "answered", llmCalls: 6, outputs: { answer: "s0 s1 s2 s3 s4 s5 11" } });
  model.setRequiredKey(null);
});

it("says when no worker is there for a run, and which queue it waits in", async () => {
  const waiting = startCli(simple("long", "alone"), { env: { ...env, RLM_QUEUE_PREFIX: "elsewhere" } });
  await waiting.seen("No worker is polling elsewhere, elsewhere-llm, elsewhere-repl-");
  waiting.child.kill("SIGINT");
  expect(await waiting.done).toMatchObject({ code: 130 });
  expect(await rlm("cancel", "alone")).toMatchObject({ code: 0, stdout: "alone will be cancelled as soon as a worker takes note (now running).\n" });
});

it("finishes a run whose stack, server and worker were killed, when it is watched again", async () => {
  gate.close();
  await rlm(...simple("long", "killed"), "--detach");
  await held();
  const { pids } = readJson(await rlm("status", "--json")) as StackStatus;
  for (const pid of [pids.stack, pids.worker, pids.server]) if (pid !== null) process.kill(pid, "SIGKILL");
  gate.open();
  expect(await rlm("watch", "killed")).toMatchObject({ code: 0, stdout: "s0 s1 s2 s3 s4 s5 11\n" });
});

it("brings the stack back under a command that is waiting", async () => {
  gate.close();
  const running = start(...simple("long", "revived"));
  await held();
  const { pids } = readJson(await rlm("status", "--json")) as StackStatus;
  for (const pid of [pids.stack, pids.worker, pids.server]) if (pid !== null) process.kill(pid, "SIGKILL");
  gate.open();
  expect(await running.done).toMatchObject({ code: 0, stdout: "s0 s1 s2 s3 s4 s5 11\n" });
});

it("does not bring a stack back that was told to stop, and goes on when it is up again", async () => {
  gate.close();
  const running = start(...simple("long", "paused"));
  await held();
  expect(await rlm("down")).toMatchObject({ code: 0 });
  await running.seen("The embedded stack was stopped.");
  expect(readJson(await rlm("status", "--json"))).toMatchObject({ running: false });
  gate.open();
  expect(await rlm("up")).toMatchObject({ code: 0 });
  expect(await running.done).toMatchObject({ code: 0, stdout: "s0 s1 s2 s3 s4 s5 11\n" });
});

it("reads closed runs with no server at all, and leaves no process behind", async () => {
  const { pids } = readJson(await rlm("status", "--json")) as StackStatus;
  const processes = [pids.stack, pids.worker, pids.server].map((pid) => (pid === null ? null : readProcessIdentity(pid)));
  expect(processes).not.toContain(null);
  expect(await rlm("down")).toMatchObject({ code: 0 });
  expect(processes.filter((each) => each !== null && isProcessAlive(each))).toEqual([]);
  expect(await rlm("result", "plain")).toMatchObject({ code: 0, stdout: `answer: ok-ok-ok-ok\nexact: ${2n ** 80n}\n` });
  expect(readJson(await rlm("show", "killed", "--json"))).toMatchObject({ status: "answered", turns: 3 });
  const { turns } = readJson(await rlm("trajectory", "killed", "--json")) as { turns: { calls: { reply: string }[] }[] };
  expect(turns[1]?.calls.map(({ reply }) => reply)).toEqual(["s0", "s1", "s2", "s3", "s4", "s5"]);
  expect(readJson(await rlm("status", "--json"))).toMatchObject({ running: false });
});

it("a file of tools is hosted for the run, beside a setup; tools do not see the model's key", async () => {
  const [tools, setup] = [path.join(home, "my-tools.mjs"), path.join(home, "setup.py")];
  await writeFile(tools, 'import { tool } from "durable-rlm";\nimport { z } from "zod";\nexport const shout = tool({ name: "shout", description: "Loud.", parameters: z.object({ text: z.string() }), run: ({ text }) => `${text.toUpperCase()} ${process.env.OPENAI_API_KEY}` });\n');
  await writeFile(setup, "def decorate(text):\n    return f'*{text}*'\n");
  const { code, stdout, stderr } = await runCli(["run", "-s", "q -> answer: str", "-i", "q=?", "--instructions", "case tools", "--tools", tools, "--setup", setup, "--json"], { env });
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ status: "answered", outputs: { answer: "*A* undefined" } });
});

it("a tool with the name of an input is refused before anything starts", async () => {
  const tools = path.join(home, "clash.mjs");
  await writeFile(tools, 'import { tool } from "durable-rlm";\nexport const q = tool({ name: "q", description: "Clash.", run: () => 1 });\n');
  const { code, stderr } = await runCli(["run", "-s", "q -> answer", "-i", "q=?", "--tools", tools], { env });
  expect(code).toBe(2);
  expect(stderr).toContain("`q` is a tool and an input of the signature. Rename one of them.");
});
