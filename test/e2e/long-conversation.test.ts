import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import { TestCluster } from "../helpers/cluster.js";
import type { TestWorker } from "../helpers/test-worker.js";

let cluster: TestCluster;
let first: TestWorker;
beforeAll(async () => {
  cluster = await TestCluster.start();
  first = await cluster.startWorker();
});
afterAll(() => cluster[Symbol.asyncDispose]());

const TURNS = 20;
const OUTPUT_CHARS = 10_000;

type Messages = readonly { readonly role: string; readonly text: string }[];

/** A root model that prints 10 KB a turn and submits what `rlm_history` holds in its last one. */
function scriptLongRun(summaries: readonly string[] = []): { readonly sent: Messages[]; readonly asked: Messages[] } {
  const sent: Messages[] = [];
  const asked: Messages[] = [];
  cluster.model.setRules([
    { name: "compact", when: { last: "Summarize it now" }, reply: ({ messages }) => (asked.push(messages), summaries[asked.length - 1] ?? `summary ${asked.length}`) },
    {
      name: "root",
      when: { model: "scripted-root" },
      reply: ({ messages }) => {
        sent.push(messages);
        const k = sent.length;
        const cell = k < TURNS ? `marker_${k} = ${k}\nprint(f"out {marker_${k}} ".ljust(${OUTPUT_CHARS - 1}, "."))` : "import hashlib\nshown = ''.join(t['output'] for t in rlm_history)\nSUBMIT(answer=f\"{len(rlm_history)} {[t['turn'] for t in rlm_history] == list(range(1, 20))} {'marker_3 = 3' in rlm_history[2]['code']} {'out 7' in rlm_history[6]['output']}\")";
        return `Turn ${k}.\n\n\`\`\`python\n${cell}\n\`\`\``;
      },
    },
  ]);
  return { sent, asked };
}

const textOf = (messages: Messages): string => messages.map(({ role, text }) => `${role}\n${text}\n`).join("");

it("keeps 20 turns of 10 KB below half of what re-sending everything costs, with an untouched prefix between summaries", async () => {
  const { sent, asked } = scriptLongRun();
  const id = await cluster.start({ signature: "q -> answer", inputs: { q: "?" }, limits: { maxIterations: TURNS }, models: { settings: { "scripted-root": { contextTokens: 32_000 } } } });
  const result = await cluster.result(id);
  expect(result).toMatchObject({ status: "answered", turns: TURNS, llmCalls: 0, outputs: { answer: "19 True True True" } });

  const all = [...sent, ...asked].reduce((sum, messages) => sum + textOf(messages).length, 0);
  // What re-sending everything costs: the first request, and 10 KB more in each turn.
  const resent = Array.from({ length: TURNS }, (_unused, turn) => textOf(sent[0] ?? []).length + turn * OUTPUT_CHARS).reduce((sum, chars) => sum + chars, 0);
  expect(all).toBeLessThan(0.5 * resent);

  expect(asked.length).toBeGreaterThanOrEqual(2);
  const starts = sent.filter((messages, i) => i > 0 && !textOf(messages).startsWith(textOf(sent[i - 1] ?? [])));
  expect(starts).toHaveLength(asked.length);
  expect(starts.every((messages, i) => messages[1]?.text.includes(`summary ${i + 1}`) === true && messages[0]?.text === sent[0]?.[0]?.text)).toBe(true);
  // What a summary is asked of is what the model had seen, to the byte: its cache covers it.
  for (const messages of asked) expect(sent.some((earlier) => textOf(messages).startsWith(textOf(earlier)))).toBe(true);
  // Nobody but the conversation forgets.
  const { turns } = await readTrajectory(cluster.client, id);
  expect(turns.map(({ observation }) => observation?.includes("out ")).slice(0, -1)).toEqual(Array.from({ length: TURNS - 1 }, () => true));
  const usage = [...cluster.model.ledger()].reduce((sum, row) => sum + (row.answered ? 1 : 0), 0);
  expect(usage).toBe(TURNS + asked.length);
});

it("cuts a conversation that the provider finds too long although nobody knew its context, with no summary from the model", async () => {
  const seen: Messages[] = [];
  const cells = ["a = 1\nprint('first')", "b = 2\nprint('second')", "SUBMIT(answer=str(a + b))"];
  const tooLong = { type: "status" as const, status: 400, body: { error: { message: "maximum context length exceeded", code: "context_length_exceeded" } } };
  cluster.model.setRules([
    { name: "refuse", when: { model: "scripted-root", turn: 3 }, reply: "", fault: tooLong },
    { name: "root", when: { model: "scripted-root", any: "summarized here" }, reply: ({ messages }) => (seen.push(messages), `\`\`\`python\n${cells[2]}\n\`\`\``) },
    { name: "begin", when: { model: "scripted-root" }, turns: cells.map((cell) => `Turn.\n\`\`\`python\n${cell}\n\`\`\``) },
  ]);
  expect(await cluster.run({ signature: "q -> answer", inputs: { q: "?" } })).toMatchObject({ status: "answered", turns: 3, outputs: { answer: "3" } });
  expect(seen).toHaveLength(1);
  expect(seen[0]?.[1]?.text).toMatch(/^Turn 1 is summarized here.*\n\nTurn 1: Turn\.\nOutput: first/);
  expect(seen[0]?.[3]?.text).toContain("Output:\nsecond");
});

it("has every turn in rlm_history, those without code and those of a killed worker included, and cannot lose it", async () => {
  const worker = await cluster.startWorker();
  const cells = ["x = 1", null, "rlm_history = None\ny = llm_query('slow')", "print(len(rlm_history))\nSUBMIT(answer=str([(t['turn'], t['code'] is None) for t in rlm_history]))"];
  cluster.model.setRules([
    { name: "root", when: { model: "scripted-root" }, turns: cells.map((cell) => (cell === null ? "I think first." : `\`\`\`python\n${cell}\n\`\`\``)) },
    { name: "sub", reply: "ok", delayMs: 1500 },
  ]);
  const id = await cluster.start({ signature: "q -> answer", inputs: { q: "?" } });
  await vi.waitUntil(() => cluster.model.ledger().some(({ rule }) => rule === "sub"), { timeout: 30_000, interval: 20 });
  await worker.kill();
  await first.kill();
  first = await cluster.startWorker();
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "[(1, False), (2, True), (3, False)]" } });
});
