import { expect, it, vi } from "vitest";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import { childPids } from "../helpers/child-pids.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";

const cluster = await clusterForFile();

const INFRASTRUCTURE = /ECONN|socket|network|time-?out|429|50[0-9]|rate.?limit|server_error|retr(y|ies)|worker|Temporal|activity|snapshot|SIGKILL|killed|sandbox died|interpreter had to be stopped|blocked/i;

it("shows the model nothing of failing servers, cut streams, a dead sandbox and a dead worker: its prompts are those of an undisturbed run", async () => {
  const cells = ["first = llm_query_batched(['a', 'b', 'c'])\nprint(first)", "second = llm_query('d')\nprint(len(first), second)", "SUBMIT(answer=str([first, second]))"];
  const conversation = async (disturbed: boolean): Promise<readonly string[]> => {
    const prompts = new Map<number, string>();
    const reply = ({ turn, last }: { turn: number; last: string }): string => (prompts.set(turn, last), `\`\`\`python\n${cells[turn - 1]}\n\`\`\``);
    const fault = <T extends object>(one: T): { fault?: T } => (disturbed ? { fault: one } : {});
    cluster.model.reset();
    cluster.model.setRules([
      { name: "root-2", when: { model: "scripted-root", turn: 2 }, reply, ...fault({ type: "truncate", times: 1 } as const) },
      { name: "root", when: { model: "scripted-root" }, reply, ...fault({ type: "status", status: 500, times: 2 } as const) },
      { name: "limited", when: { last: "b" }, reply: "from b", ...fault({ type: "status", status: 429, headers: { "retry-after-ms": "50" }, times: 2 } as const) },
      { name: "reset", when: { last: "c" }, reply: "from c", ...fault({ type: "reset", times: 1 } as const) },
      { name: "slow", when: { last: "d" }, reply: "from d", delayMs: disturbed ? 2500 : 0 },
      { name: "sub", reply: "from a" },
    ]);
    const worker = await cluster.startWorker();
    const id = await cluster.start({ signature: "q -> answer", inputs: { q: "?" } });
    if (disturbed) {
      await vi.waitUntil(() => cluster.model.ledger().some(({ rule }) => rule === "slow"), { timeout: 60_000, interval: 20 });
      for (const pid of childPids(worker.pid)) process.kill(pid, "SIGKILL");
      await worker.kill();
      await cluster.startWorker();
    }
    expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "[['from a', 'from b', 'from c'], 'from d']" }, llmCalls: 4 });
    const { turns } = await readTrajectory(cluster.client, id);
    expect(turns.map(({ observation }) => observation).join("\n")).not.toMatch(INFRASTRUCTURE);
    if (!disturbed) await worker.kill();
    return [...prompts].toSorted(([a], [b]) => a - b).map(([, last]) => last);
  };
  const undisturbed = await conversation(false);
  expect(undisturbed).toHaveLength(3);
  expect(await conversation(true)).toEqual(undisturbed);
  for (const prompt of undisturbed) expect(prompt).not.toMatch(INFRASTRUCTURE);
}, 150_000);
