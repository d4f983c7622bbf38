import { beforeAll, expect, it, vi } from "vitest";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { CALLS_OF_A_RUN, runsUnderLoad } from "../helpers/runs-under-load.js";
import { runCli, type CliResult } from "../helpers/run-cli.js";

vi.setConfig({ testTimeout: 600_000, hookTimeout: 120_000 });

const cluster = await clusterForFile();
beforeAll(() => cluster.startWorker());

const rlm = (...args: readonly string[]): Promise<CliResult> => runCli(args, { env: { RLM_HOME: cluster.home, TEMPORAL_ADDRESS: cluster.temporal.address, OPENAI_BASE_URL: cluster.model.url, USER: "ann" } });
const ok = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
  const result = await rlm(...args, "--json");
  expect(result, `${args.join(" ")}: ${result.stderr}`).toMatchObject({ code: 0 });
  return JSON.parse(result.stdout) as Record<string, unknown>;
};
const refused = async (args: readonly string[], code: number, message: RegExp): Promise<void> => {
  const result = await rlm(...args, "--json");
  expect(result, args.join(" ")).toMatchObject({ code, stdout: "" });
  expect((JSON.parse(result.stderr) as { error: { message: string } }).error.message).toMatch(message);
};
const statusOf = async (id: string): Promise<unknown> => (await ok("show", id))["status"];
const becomes = (id: string, status: string) => expect.poll(() => statusOf(id), { timeout: 90_000, interval: 200 }).toBe(status);

it("every control verb works on a run with calls in flight beside other busy runs, and wrong states are refused in clear words", async () => {
  const id = "one";
  await runsUnderLoad(cluster, [id, "two", "three"]);

  await refused(["fork", id, "--turn", "7"], 2, /cannot be forked after turn 7/);
  await refused(["budget", id, "--max-llm-calls", "1"], 2, /calls are used or under way already/);
  await refused(["steer", id, "x".repeat(100_000)], 2, /has 100000 bytes; at most 32768 are taken/);
  await refused(["retry", id], 2, /has nothing to retry: it is running/);
  await ok("pause", id, "--why", "quota is low");
  await becomes(id, "paused");
  await ok("steer", id, "Leave staging out.");
  await ok("budget", id, "--max-llm-calls", "200");
  const paused = await ok("show", id);
  await ok("resume", id);
  await becomes(id, "running");
  await ok("fork", id, "--turn", "0", "--id", "one-again", "--max-llm-calls", "300");
  await ok("cancel", "one-again");
  await becomes("one-again", "cancelled");
  expect(paused).toMatchObject({ status: "paused", reason: "quota is low" });

  expect(await cluster.result(id)).toMatchObject({ status: "answered", llmCalls: CALLS_OF_A_RUN, maxLlmCalls: 200 });
  expect(JSON.stringify(cluster.model.ledger().filter(({ rule }) => rule === "root").map(({ lastUserTail }) => lastUserTail))).toContain("Leave staging out.");
  const diff = await rlm("diff", id, "two", "--json");
  expect(diff.code, diff.stderr).toBe(0);
  for (const verb of ["pause", "resume"]) await refused([verb, id], 2, /is closed/);
  await refused(["steer", id, "too late"], 2, /is closed/);
  await refused(["budget", id, "--max-llm-calls", "500"], 2, /is closed/);
  await refused(["retry", id], 2, /nothing to retry: it is closed/);
  await refused(["pause", "nobody"], 6, /no run with the id "nobody"/);
  expect(await ok("cancel", id)).toMatchObject({ requested: false, status: "answered" });
});
