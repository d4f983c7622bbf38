import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import { loadToolsFile, type ToolsFile } from "../../src/tools/load-tools-file.js";
import { TestCluster } from "../helpers/cluster.js";
import type { TestWorker } from "../helpers/test-worker.js";

let cluster: TestCluster;
let tools: ToolsFile;
let toolWorker: TestWorker;
let ledger: string;

beforeAll(async () => {
  cluster = await TestCluster.start();
  ledger = path.join(cluster.home, "tool-ledger");
  writeFileSync(ledger, "");
  tools = await loadToolsFile(fileURLToPath(new URL("fixtures/tools.mjs", import.meta.url)));
  [toolWorker] = await Promise.all([startToolWorker(), cluster.startWorker()]);
});
afterAll(() => cluster[Symbol.asyncDispose]());

const startToolWorker = () => cluster.startToolWorker(tools, { TOOL_LEDGER: ledger });
const noted = (what: string) => readFileSync(ledger, "utf8").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as { what: string; key: string }).filter((entry) => entry.what === what);
const retriesOf = async (id: string, call: number) => (await readTrajectory(cluster.client, id)).turns[0]?.calls[call]?.retries;
/** The root model writes `first`, and `second` only to a request whose last message holds `shown`. */
function scriptIfShown(first: string, shown: string, second: string): void {
  const block = (cell: string) => `Next step.\n\n\`\`\`python\n${cell}\n\`\`\``;
  cluster.model.reset();
  cluster.model.setRules([
    { name: "sub", when: { model: "scripted-sub" }, reply: "ok" },
    { name: "shown", when: { model: "scripted-root", last: shown }, reply: block(second) },
    { name: "root", when: { model: "scripted-root", system: "- `lookup(number: int, unit: Literal['m', 'ft'] = \"m\")`: The row of a number.\n    number: which row", turn: 1 }, reply: block(first) },
  ]);
}

describe("a run with tools", () => {
  it("calls them as plain Python functions, with exact integers, defaults and the limits of their own", async () => {
    scriptIfShown(
      "row = lookup(1000001)\nprint(row, lookup.__doc__)\nimport inspect\nprint(inspect.signature(lookup))",
      "The row of a number.\n(number: 'int', unit: \"Literal['m', 'ft']\" = 'm')",
      "import asyncio\nboth = await asyncio.gather(slow('a', 1), llm_query_async('q'), slow(text='b', ms=1))\nSUBMIT(answer=f\"{row['square']} {row['unit']} {both}\")",
    );
    const id = await cluster.start({ signature: "q -> answer: str", inputs: { q: "?" }, tools });
    const result = await cluster.result(id);
    expect(result).toMatchObject({ status: "answered", llmCalls: 1, outputs: { answer: `${1000001n ** 8n} m ['A', 'ok', 'B']` } });
    const { turns } = await readTrajectory(cluster.client, id);
    expect(turns[1]?.calls.map(({ kind, tool, reply }) => [kind, tool, reply])).toEqual([["tool", "slow", '"A"'], ["llm", null, "ok"], ["tool", "slow", '"B"']]);
  });

  it.each([
    ["broken()", "ToolError", "RuntimeError: broken failed: RangeError: no such table: users"],
    ["hangs()", "TimeoutError", "hangs did not return within 300 ms"],
    ["odd()", "ToolError", "odd returned something that is no JSON: result.rows[1] is a Map. It can be mended in the tool only: return Object.fromEntries(map)."],
    ["big(70)", "ToolError", "big returned more than 64 MiB, the longest result it may return. Ask it for less"],
    ["lookup('seven')", "TypeError", "lookup(): parameter 'number' must be int, got 'seven' (str). Call lookup("],
    ["lookup(1, unit='mile')", "TypeError", "parameter 'unit' must be Literal['m', 'ft'], got 'mile' (str)"],
    ["lookup(-5)", "TypeError", "lookup(): parameter 'number' was given -5: Too small"],
    ["lookup()", "TypeError", "lookup(): missing a required argument: 'number'. Call lookup("],
    ["lookup(1, zip=2)", "TypeError", "got an unexpected keyword argument 'zip'"],
  ])("tells the model what is wrong with %s, and goes on", async (call, type, message) => {
    scriptIfShown(call, message, `try:\n    ${call}\nexcept ${type} as error:\n    SUBMIT(answer='caught')`);
    const result = await cluster.run({ signature: "q -> answer: str", inputs: { q: "?" }, tools });
    expect(result).toMatchObject({ status: "answered", turns: 2, outputs: { answer: "caught" } });
  });

  it("hands 50 MB over whole", async () => {
    cluster.script(["text = big(50)\nSUBMIT(answer=f'{len(text)} {set(text)}')"]);
    expect(await cluster.run({ signature: "q -> answer: str", inputs: { q: "?" }, tools })).toMatchObject({ outputs: { answer: "50000000 {'x'}" } });
  });

  it("tries a tool again by the tool's own policy before the model hears of it", async () => {
    cluster.script(["SUBMIT(answer=str(flaky()))"]);
    const id = await cluster.start({ signature: "q -> answer: str", inputs: { q: "?" }, tools });
    expect(await cluster.result(id)).toMatchObject({ turns: 1, outputs: { answer: "3" } });
    expect(await retriesOf(id, 0)).toEqual({ count: 2, lastError: "try 2 of 3 of the tool flaky failed (raised)" });
  });

  it("refuses the tool calls that are beyond their limit, and sends those before it and the sub-calls that were gathered with them", async () => {
    cluster.script([
      "import asyncio\ngot = await asyncio.gather(lookup(1), lookup(2), llm_query_async('q'), return_exceptions=True)\nSUBMIT(answer=' / '.join(str(each) for each in (got[0]['number'], *got[1:])))",
    ]);
    const result = await cluster.run({ signature: "q -> answer: str", inputs: { q: "?" }, tools, limits: { maxToolCalls: 1 } });
    expect(result).toMatchObject({ llmCalls: 1, outputs: { answer: "1 / tool call limit reached: 1 of 1 used, 1 more asked, none of these was sent. Finish with what you have and call SUBMIT. / ok" } });
  });
});

describe("a tool worker that is killed", () => {
  it("while a tool runs: the call is made once more, under the same key; a tool that had answered is not called again", async () => {
    cluster.script(["a = slow('first', 1)\nb = slow('second', 1500)\nSUBMIT(answer=a + b)"]);
    const id = await cluster.start({ signature: "q -> answer: str", inputs: { q: "?" }, tools });
    await vi.waitUntil(() => noted("begin second").length === 1, { timeout: 20_000 });
    await toolWorker.kill();
    toolWorker = await startToolWorker();
    expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "FIRSTSECOND" } });
    expect(noted("begin first")).toHaveLength(1);
    const [before, again, ...more] = noted("begin second");
    expect(again?.key).toBe(before?.key);
    expect(more).toEqual([]);
    expect(await retriesOf(id, 1)).toEqual({ count: 1, lastError: null });
  });

  it("together with the session's worker, after tools had answered: none of them is called again", async () => {
    cluster.script(["rows = [lookup(n) for n in (31, 32)]\nlast = slow('rebuilt', 1500)\nSUBMIT(answer=f\"{rows[0]['number']} {rows[1]['number']} {last}\")"]);
    const id = await cluster.start({ signature: "q -> answer: str", inputs: { q: "?" }, tools });
    await vi.waitUntil(() => noted("begin rebuilt").length === 1, { timeout: 20_000 });
    await Promise.all([...cluster.workers].map((worker) => worker.kill()));
    [toolWorker] = await Promise.all([startToolWorker(), cluster.startWorker()]);
    expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "31 32 REBUILT" } });
    expect([noted("lookup 31").length, noted("lookup 32").length]).toEqual([1, 1]);
    expect(new Set(noted("begin rebuilt").map(({ key }) => key)).size).toBe(1);
  });
});

it("kills a tool process that its tool blocks, and tells the model when that happens again and again", async () => {
  cluster.script(["try:\n    blocks()\nexcept TimeoutError as error:\n    SUBMIT(answer=str(error))"]);
  const id = await cluster.start({ signature: "q -> answer: str", inputs: { q: "?" }, tools });
  let over = false;
  const done = cluster.result(id).finally(() => (over = true));
  let killed = 0;
  // What supervises tool processes does.
  for (;;) {
    await Promise.race([toolWorker.exited, done]);
    if (over) break;
    killed += 1;
    toolWorker = await startToolWorker();
  }
  expect((await done).outputs).toEqual({ answer: "blocks never returned: each time its process stood still or ended. Go on without it." });
  expect(killed).toBeGreaterThanOrEqual(1);
}, 180_000);
