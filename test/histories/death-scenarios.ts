import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { childPids } from "../helpers/child-pids.js";
import { answered, BATCH, killUnheard, killWhen, requestOf, rows, until, type Recording, type Scenarios } from "./recording.js";

const SIX = "r = [llm_query(f'ask {i}') for i in range(6)]\nSUBMIT(answer=' '.join(r))";
/** A second or so of computing, and no call. */
const BUSY = "n = 0\nfor i in range(20_000_000): n += i";
/** Longer than the heartbeat's limit and than a session queue's. */
const LONG_MS = 9_000;

const isStored = ({ cluster }: Recording, before: number): boolean => repliesIn(cluster.home) > before;
const repliesIn = (home: string): number => {
  const directory = path.join(home, "store", "named", "replies");
  return existsSync(directory) ? readdirSync(directory, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).length : 0;
};

/** What dies, and when: histories for the rows of the table of failures, by their words. */
export const DEATHS: Readonly<Record<string, Scenarios>> = {
  "worker, while the root model call is in flight": {
    "worker-killed-in-root-call": {
      expected: { status: "answered", turns: 2 },
      async play(recording, id) {
        recording.cluster.script(["kept = 1", "SUBMIT(answer=str(kept))"], { reply: "ok" }, { delayMs: 1500 });
        await recording.cluster.start(requestOf(id));
        await killWhen(recording, () => rows(recording, "root").length === 2);
        return recording.cluster.result(id);
      },
    },
  },
  "worker, after the reply was stored, before the activity completed": {
    "worker-killed-before-acknowledgement": {
      expected: { status: "answered", turns: 1, llmCalls: 8 },
      async play(recording, id) {
        recording.cluster.script([BATCH], { reply: "ok", delayMs: 600 });
        await recording.cluster.start(requestOf(id));
        const before = repliesIn(recording.cluster.home);
        await killUnheard(recording, () => rows(recording, "sub").length === 8, () => answered(recording, "sub") === 8 && isStored(recording, before + 1));
        return recording.cluster.result(id);
      },
    },
  },
  "worker or sandbox, mid-cell before any host call": {
    "worker-killed-before-any-call": {
      expected: { status: "answered", turns: 2 },
      async play(recording, id) {
        recording.cluster.script([BUSY, "SUBMIT(answer=str(n))"]);
        await recording.cluster.start(requestOf(id));
        await killWhen(recording, async () => answered(recording, "root") === 1 && (await isExecuting(recording, id)));
        return recording.cluster.result(id);
      },
    },
    "sandbox-killed-cell": {
      expected: { status: "answered", turns: 2, llmCalls: 0 },
      async play({ cluster }, id) {
        cluster.script(["import os\nos._exit(3)", "SUBMIT(answer='went on')"]);
        return cluster.run(requestOf(id));
      },
    },
  },
  "worker or sandbox, mid-cell after k of n host calls": {
    "worker-killed-in-mid-cell": {
      expected: { status: "answered", turns: 2, llmCalls: 6 },
      async play(recording, id) {
        await startInMidCell(recording, id);
        await killWhen(recording, () => true);
        return recording.cluster.result(id);
      },
    },
    "sandbox-killed-in-mid-cell": {
      expected: { status: "answered", turns: 2, llmCalls: 6 },
      async play(recording, id) {
        await startInMidCell(recording, id);
        for (const pid of childPids(recording.worker.pid)) process.kill(pid, "SIGKILL");
        return recording.cluster.result(id);
      },
    },
  },
  "worker, while parked (suspended)": {
    "worker-killed-while-parked": {
      expected: { status: "answered", turns: 1, llmCalls: 8 },
      async play(recording, id) {
        const { cluster } = recording;
        await recording.worker.kill();
        recording.worker = await cluster.startWorker({ RLM_ROLES: "repl" });
        const others = await cluster.startWorker({ RLM_ROLES: "workflow,llm" });
        cluster.script([BATCH], { reply: "ok", delayMs: 1500 });
        await cluster.start(requestOf(id));
        await killWhen(recording, () => rows(recording, "sub").length === 8);
        const result = await cluster.result(id);
        await others.stop();
        return result;
      },
    },
  },
  "worker, after the snapshot was written, before `done`": {
    "worker-killed-before-done": {
      expected: { status: "answered", turns: 2, llmCalls: 1 },
      async play(recording, id) {
        recording.cluster.script(["one = llm_query('one')", "SUBMIT(answer=one)"], { reply: "ok", delayMs: 600 });
        await recording.cluster.start(requestOf(id));
        const before = repliesIn(recording.cluster.home);
        // The call and the end of the cell are one activity: when the reply is stored, the snapshot follows.
        await killUnheard(recording, () => rows(recording, "sub").length === 1, async () => isStored(recording, before) && (await sleep(1500, true)));
        return recording.cluster.result(id);
      },
    },
  },
  "worker frozen (SIGSTOP) then woken": {
    "worker-frozen": {
      expected: { status: "answered", turns: 2, llmCalls: 6 },
      async play(recording, id) {
        const { cluster } = recording;
        await startInMidCell(recording, id);
        const frozen = recording.worker;
        frozen.signal("SIGSTOP");
        recording.worker = await cluster.startWorker();
        await sleep(LONG_MS);
        frozen.signal("SIGCONT");
        const result = await cluster.result(id);
        await frozen.stop();
        return result;
      },
    },
  },
  "all workers, for longer than every timeout": {
    "workers-away": {
      expected: { status: "answered", turns: 2, llmCalls: 6 },
      async play(recording, id) {
        const { cluster } = recording;
        await startInMidCell(recording, id);
        await recording.worker.kill();
        await sleep(LONG_MS);
        recording.worker = await cluster.startWorker();
        return cluster.result(id);
      },
    },
  },
  "Temporal server": {
    "server-killed": {
      expected: { status: "answered", turns: 1, llmCalls: 8 },
      async play(recording, id) {
        const { cluster } = recording;
        cluster.script([BATCH], { reply: "ok", delayMs: 1500 });
        await cluster.start(requestOf(id));
        await until(() => rows(recording, "sub").length === 8);
        await cluster.temporal.restart();
        return cluster.result(id);
      },
    },
  },
};

/** Starts a run and resolves in its second turn, when three of the six calls of that cell are answered. */
async function startInMidCell(recording: Recording, id: string): Promise<void> {
  recording.cluster.script(["kept = 1", SIX], { reply: "ok", delayMs: 300 });
  await recording.cluster.start(requestOf(id));
  await until(() => answered(recording, "sub") === 3);
}

async function isExecuting({ cluster }: Recording, id: string): Promise<boolean> {
  const { raw } = await (await cluster.client.temporal()).workflow.getHandle(id).describe();
  return (raw.pendingActivities ?? []).some(({ activityType }) => activityType?.name === "executeCell");
}
