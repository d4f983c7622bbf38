import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { BlobRef } from "../../src/core/blob-ref.js";
import { readResult } from "../../src/client/read-result.js";
import { retryRun } from "../../src/client/retry-run.js";
import { factsOf } from "../helpers/facts-of.js";
import { answered, BATCH, requestOf, rows, until, type Recording, type Scenarios } from "./recording.js";

const ASK = { by: "test", why: null };

const isBlocked = async ({ cluster }: Recording, id: string): Promise<boolean> => (await readResult(cluster.client, id)).status === "blocked";

/** Walls that runs meet: histories for the rows of the table of failures, by their words. */
export const WALLS: Readonly<Record<string, Scenarios>> = {
  "blob store unreachable / disk full": {
    "store-full": {
      expected: { status: "answered", turns: 1, llmCalls: 8 },
      async play(recording, id) {
        const { cluster } = recording;
        const replies = path.join(cluster.home, "store", "named", "replies");
        const before = new Set(existsSync(replies) ? readdirSync(replies) : []);
        cluster.script([BATCH], { reply: "ok", delayMs: 1500 });
        await cluster.start(requestOf(id));
        await until(() => rows(recording, "sub").length === 8);
        const scope = path.join(replies, readdirSync(replies).find((name) => !before.has(name)) ?? "", "1-0");
        writeFileSync(scope, "a file where the directory of the replies should be");
        await until(() => isBlocked(recording, id));
        rmSync(scope);
        await retryRun(cluster.client, id, ASK);
        return cluster.result(id);
      },
    },
  },
  "snapshot blob lost or corrupt (digest mismatch)": {
    "snapshot-lost": {
      expected: { status: "answered", turns: 2, llmCalls: 1, outputs: { answer: "ok" } },
      async play(recording, id) {
        const { cluster } = recording;
        cluster.script(["one = llm_query('one')", "SUBMIT(answer=one)"], { reply: "ok" }, { delayMs: 1500 });
        await cluster.start(requestOf(id));
        await until(() => rows(recording, "root").length === 2);
        await recording.worker.kill();
        const digest = (await factsOf(cluster.client, id)).flatMap((fact) => (fact.type === "activity-completed" ? snapshotDigests(fact.result) : [])).at(-1);
        if (digest === undefined) throw new Error("The first turn has left a snapshot.");
        const blobs = path.join(cluster.home, "store", "blobs");
        for (const file of readdirSync(blobs, { recursive: true, encoding: "utf8" })) if (file.endsWith(digest)) rmSync(path.join(blobs, file));
        recording.worker = await cluster.startWorker();
        return cluster.result(id);
      },
    },
  },
  "model provider: 429 storms, 500s, hangs, truncated or malformed bodies": {
    "provider-fails": {
      expected: { status: "answered", turns: 1, llmCalls: 11 },
      async play({ cluster }, id) {
        const fault = (mark: string, type: "hang" | "truncate" | "malformed" | "status", status = 0) =>
          ({ name: mark, when: { last: `[${mark}]` }, reply: "ok", fault: { ...(type === "status" ? { type, status } : { type }), times: 1, per: "body" as const } });
        cluster.model.reset();
        cluster.model.setRules([
          fault("429", "status", 429), fault("500", "status", 500), fault("hang", "hang"), fault("cut", "truncate"), fault("bad", "malformed"),
          { name: "root", when: { model: "scripted-root" }, turns: ["```python\nP = [f'{m} [{m}]' for m in ['429', '500', 'hang', 'cut', 'bad']]\none = [llm_query('alone ' + p) for p in P]\nr = llm_query_batched(P)\nSUBMIT(answer=llm_query('last'))\n```"] },
          { name: "sub", when: { model: "scripted-sub" }, reply: "ok" },
        ]);
        return cluster.run(requestOf(id, { models: { settings: { "scripted-sub": { callTimeoutMs: 2000 } } } }));
      },
    },
  },
  "key revoked mid-run": {
    "key-revoked": {
      expected: { status: "answered", turns: 2, llmCalls: 4 },
      async play(recording, id) {
        const { cluster } = recording;
        cluster.script(["one = llm_query('one')", "r = llm_query_batched(['a', 'b', 'c'])\nSUBMIT(answer=one)"], { reply: "ok" }, { delayMs: 500 });
        await cluster.start(requestOf(id));
        await until(() => answered(recording, "sub") === 1);
        cluster.model.setRequiredKey("another key");
        await until(() => isBlocked(recording, id));
        cluster.model.setRequiredKey(null);
        await retryRun(cluster.client, id, ASK);
        return cluster.result(id);
      },
    },
  },
};

/** Of a step's result, alone or behind a call that was made with it. */
function snapshotDigests(result: unknown): string[] {
  const { snapshotRef, step } = result as { snapshotRef?: BlobRef | null; step?: { snapshotRef?: BlobRef | null } };
  return [snapshotRef, step?.snapshotRef].flatMap((ref) => ref?.digest ?? []);
}
