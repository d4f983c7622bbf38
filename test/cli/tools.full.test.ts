import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { isProcessAlive, readProcessIdentity } from "../../src/stack/process/process-identity.js";
import type { StackStatus } from "../../src/stack/stack-status.js";
import { stopStack } from "../../src/stack/stop-stack.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { runCli, startCli, type CliResult } from "../helpers/run-cli.js";
import { tempDir } from "../helpers/temp-dir.js";
import { seedHome } from "../helpers/shared-base-image.js";
import { testTemporalCli } from "../helpers/temporal-cli.js";
import { tempHome } from "../stack/temp-home.js";

const SOURCE = `import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { tool } from "durable-rlm";
export const held = tool({
  name: "held", description: "Returns when it may.",
  async run(_args, { signal, idempotencyKey }) {
    appendFileSync(process.env.TOOL_LEDGER, JSON.stringify({ pid: process.pid, key: idempotencyKey }) + "\\n");
    while (!existsSync(process.env.TOOL_LEDGER + ".go")) await delay(50, undefined, { signal });
    return "released";
  },
});
`;
const soon = { timeout: 60_000, interval: 50 };

const cluster = await clusterForFile();

interface Held {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  /** Processes in which the tool was begun, in turn. */
  pids(): readonly number[];
  keys(): ReadonlySet<string>;
  release(): void;
}

/** A file with a tool that returns when it is told to, and a model that calls it. */
async function heldTool(home: string): Promise<Held> {
  cluster.script(["SUBMIT(answer=held())"]);
  const directory = await tempDir();
  const [file, ledger] = [path.join(directory, "held.mjs"), path.join(directory, "ledger")];
  writeFileSync(file, SOURCE);
  const noted = (): readonly { pid: number; key: string }[] =>
    existsSync(ledger) ? readFileSync(ledger, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as { pid: number; key: string }) : [];
  return {
    file,
    env: { RLM_HOME: home, OPENAI_BASE_URL: cluster.model.url, RLM_MODEL: "scripted-root", RLM_SUB_MODEL: "scripted-sub", TOOL_LEDGER: ledger },
    pids: () => [...new Set(noted().map(({ pid }) => pid))],
    keys: () => new Set(noted().map(({ key }) => key)),
    release: () => writeFileSync(`${ledger}.go`, ""),
  };
}

const started = (held: Held, processes: number) => expect.poll(() => held.pids().length, soon).toBe(processes);
const ask = ["run", "-s", "q -> answer: str", "-i", "q=?"];

describe("tools on the embedded stack", () => {
  it("outlive the command that named them, a kill of their process, and a kill of the whole stack", async () => {
    const home = tempHome();
    await seedHome(home);
    onTestFinished(async () => void (await stopStack(home)));
    const held = await heldTool(home);
    const env = { ...held.env, RLM_TEMPORAL_CLI: await testTemporalCli() };
    const rlm = (...args: readonly string[]): Promise<CliResult> => runCli(args, { env });
    expect(await rlm(...ask, "--tools", held.file, "--id", "held", "--detach")).toMatchObject({ code: 0, stdout: "held\n" });
    await started(held, 1);
    process.kill(held.pids()[0] ?? 0, "SIGKILL");
    await started(held, 2);
    const { pids } = JSON.parse((await rlm("status", "--json")).stdout) as StackStatus;
    for (const pid of [pids.stack, pids.server, pids.worker]) if (pid !== null) process.kill(pid, "SIGKILL");
    expect(await rlm("up")).toMatchObject({ code: 0 });
    await started(held, 3);
    const last = readProcessIdentity(held.pids()[2] ?? 0);
    held.release();
    expect(await rlm("watch", "held")).toMatchObject({ code: 0, stdout: expect.stringContaining("released") });
    expect(held.keys().size).toBe(1);
    expect(await rlm("down")).toMatchObject({ code: 0 });
    expect(last !== null && isProcessAlive(last)).toBe(false);
  }, 300_000);

  it("that cannot be run are told before the run is started", async () => {
    const home = tempHome();
    await seedHome(home);
    onTestFinished(async () => void (await stopStack(home)));
    const file = path.join(await tempDir(), "only-here.mjs");
    writeFileSync(file, 'import { tool } from "durable-rlm";\nif (process.argv[1].endsWith("tool-main.js")) throw new Error("no database");\nexport const t = tool({ name: "t", description: "T.", run: () => 1 });\n');
    const env = { ...(await heldTool(home)).env, RLM_TEMPORAL_CLI: await testTemporalCli() };
    const { code, stderr } = await runCli([...ask, "--tools", file, "--id", "never"], { env });
    expect(code).toBe(1);
    expect(stderr).toContain("no database");
    expect((await runCli(["status", "never"], { env })).code).not.toBe(0);
  }, 300_000);
});

describe("tools on a Temporal server of one's own", () => {
  it("are hosted by `rlm worker --tools`, which a detached command names, and which starts a killed process again", async () => {
    await cluster.startWorker();
    const held = await heldTool(cluster.home);
    const env = { ...held.env, TEMPORAL_ADDRESS: cluster.temporal.address, TEMPORAL_NAMESPACE: cluster.temporal.namespace, RLM_STORE: pathToFileURL(path.join(cluster.home, "store")).href };
    const detached = await runCli([...ask, "--tools", held.file, "--id", "remote", "--detach"], { env });
    expect(detached).toMatchObject({ code: 0, stdout: "remote\n" });
    expect(detached.stderr).toContain(`it waits at its next tool call until a machine does.\n  rlm worker --tools ${held.file}`);
    const begun = held.pids().length;
    const hosting = startCli(["worker", "--tools", held.file], { env });
    await hosting.seen("Hosting held");
    await started(held, begun + 1);
    process.kill(held.pids().at(-1) ?? 0, "SIGKILL");
    await started(held, begun + 2);
    held.release();
    expect(await runCli(["watch", "remote"], { env })).toMatchObject({ code: 0, stdout: expect.stringContaining("released") });
    hosting.child.kill("SIGTERM");
    expect(await hosting.done).toMatchObject({ code: 0 });
  }, 300_000);
});
