import path from "node:path";
import { expect, it, vi } from "vitest";
import { describeRun } from "../../src/client/describe-run.js";
import { findUnpolledQueues } from "../../src/client/unpolled-queues.js";
import { runCommand } from "../../src/stack/process/run-command.js";
import type { ScriptedRequest } from "../../src/testing/index.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { legsOf, type Leg } from "../helpers/legs-of.js";
import { expectNoAnsweredCallRepeated, NonceReplies, PYTHON_DIGEST } from "../helpers/nonce-replies.js";
import { makeOtherBuild } from "../helpers/other-build.js";
import { testTemporalCli } from "../helpers/temporal-cli.js";

vi.setConfig({ testTimeout: 180_000 });

const cluster = await clusterForFile({ dynamicConfig: { "limit.historyCount.suggestContinueAsNew": "100" } });

const DEPLOYMENT = "rlm-test";
const buildOf = (buildId: string): Record<string, string> => ({ TEMPORAL_DEPLOYMENT_NAME: DEPLOYMENT, TEMPORAL_WORKER_BUILD_ID: buildId });

/** As docs/upgrades.md tells an operator. The server refuses a version until its workers have polled for a moment. */
async function makeCurrent(buildId: string): Promise<void> {
  const cli = await testTemporalCli();
  const args = ["worker", "deployment", "set-current-version", "--deployment-name", DEPLOYMENT, "--build-id", buildId, "--address", cluster.temporal.address, "--yes"];
  const result = async () => runCommand(cli, args, { env: { HOME: cluster.home }, timeoutMs: 60_000 });
  await expect.poll(result, { timeout: 60_000, interval: 500 }).toMatchObject({ exitCode: 0 });
}

/** Build ids of the workers that have moved the workflow on. */
function buildsOf({ history }: Leg): readonly string[] {
  const builds = (history.events ?? []).flatMap(({ workflowTaskCompletedEventAttributes: task }) => (task ? [task.deploymentVersion?.buildId ?? "none"] : []));
  return [...new Set(builds)];
}

const asked = (prompt: string): Promise<boolean> => vi.waitUntil(() => cluster.model.ledger().some(({ lastUserTail }) => lastUserTail === prompt), { timeout: 60_000, interval: 5 });

it("finishes runs on the build they were started on, through a kill, starts new ones on the next, and upgrades a long one where it continues as new", async () => {
  const replies = new NonceReplies();
  const held = new Set(["early", "late"]);
  const turns = (...cells: string[]): string[] => cells.map((cell) => `\`\`\`python\n${cell}\n\`\`\``);
  // A request that died with its worker gets no answer that would count.
  const answerWhenReleased = async (request: ScriptedRequest): Promise<string> => {
    await vi.waitUntil(() => request.signal.aborted || !held.has(request.last), { timeout: 170_000, interval: 20 });
    return request.signal.aborted ? "nobody hears it" : replies.reply(request);
  };
  cluster.model.setRules([
    { name: "short", when: { model: "scripted-root", system: "SHORT" }, turns: turns("SUBMIT(answer=llm_query('short'))") },
    {
      name: "root", when: { model: "scripted-root" },
      turns: turns(`${PYTHON_DIGEST}\nG = (n * n for n in range(9)); next(G)\na = llm_query('early')`, "many = [llm_query(f'part {i}') for i in range(14)]", "SUBMIT(answer=digest([a, *many, llm_query('late')], next(G)))"),
    },
    { name: "sub", when: { model: "scripted-sub" }, reply: answerWhenReleased },
  ]);
  const one = await cluster.startWorker(buildOf("one"));
  await makeCurrent("one");
  const long = await cluster.start({ signature: "-> answer: str" });
  await asked("early");

  // A new build is deployed in the middle of the run, and the old one's worker is killed and replaced.
  const two = await cluster.startWorker(buildOf("two"), await makeOtherBuild(path.join(cluster.home, "other-build")));
  await makeCurrent("two");
  const killedAtMs = [Date.now()];
  await one.kill();
  const oneAgain = await cluster.startWorker(buildOf("one"));
  const short = await cluster.start({ signature: "-> answer: str", instructions: "SHORT" });
  expect(await cluster.result(short)).toMatchObject({ status: "answered", outputs: { answer: replies.answer("short") } });
  held.delete("early");

  // The run has moved to the new build, in the middle of a cell; the old build is needed no more.
  await asked("late");
  expect((await legsOf(cluster, long)).map(buildsOf)).toEqual([["one"], ["two"]]);
  killedAtMs.push(Date.now());
  const { pinnedTo } = await describeRun(cluster.client, long);
  expect(pinnedTo).toEqual({ deploymentName: DEPLOYMENT, buildId: "two" });
  expect(await findUnpolledQueues(cluster.client, cluster.queues(), pinnedTo)).toEqual([]);
  // As when the last worker of the run's build has gone: those of others do not count.
  expect(await findUnpolledQueues(cluster.client, cluster.queues(), { deploymentName: DEPLOYMENT, buildId: "gone" })).toEqual([expect.stringMatching(/^rlm \(build gone of deployment rlm-test/), expect.stringMatching(/^rlm-llm \(build gone/)]);
  await oneAgain.kill();
  held.delete("late");
  const prompts = ["early", ...Array.from({ length: 14 }, (_, i) => `part ${i}`), "late"];
  expect(await cluster.result(long)).toMatchObject({ status: "answered", turns: 3, llmCalls: 16, outputs: { answer: replies.digest(prompts, "1") } });
  expectNoAnsweredCallRepeated(cluster.model.ledger(), killedAtMs);

  const [first, second] = await legsOf(cluster, long);
  expect([first, second, ...(await legsOf(cluster, short))].map((leg) => leg && buildsOf(leg))).toEqual([["one"], ["two"], ["two"]]);
  expect(first?.input.runUid).toBe(second?.input.runUid);
  // What a version does for its runs beside their sandboxes is its own.
  const servedBy = ({ history }: Leg): Set<string> => {
    const llm = new Set((history.events ?? []).flatMap(({ eventId, activityTaskScheduledEventAttributes: task }) => (task?.taskQueue?.name === cluster.queues().llm ? [String(eventId)] : [])));
    return new Set((history.events ?? []).flatMap(({ activityTaskStartedEventAttributes: task }) => (task && llm.has(String(task.scheduledEventId)) ? [task.identity ?? ""] : [])));
  };
  expect([...(first ? servedBy(first) : [])].filter((worker) => worker !== one.workerId)).toEqual([oneAgain.workerId]);
  expect([...(second ? servedBy(second) : [])]).toEqual([two.workerId]);
});
