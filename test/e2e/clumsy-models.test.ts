import { expect, it } from "vitest";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import type { ScriptedRule } from "../../src/testing/index.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";

const cluster = await clusterForFile();
await cluster.startWorker();

const REPAIRED = "Now right.\n\n```python\nSUBMIT(answer='repaired')\n```";
const cell = (code: string): string => `\`\`\`python\n${code}\n\`\`\``;

/** What the model is told after a first reply, as the server saw it; the second one is right. */
async function toldAfter(reply: string, root: Partial<ScriptedRule> = {}): Promise<{ told: string; prompt: string; id: string }> {
  const seen: { last: string; prompt: string }[] = [];
  cluster.model.reset();
  cluster.model.setRules([
    { name: "first", when: { model: "scripted-root", turn: 1 }, reply, chunkChars: 1_000_000, ...root },
    { name: "second", when: { model: "scripted-root" }, reply: ({ last, messages }) => (seen.push({ last, prompt: messages.map(({ text }) => text).join("\n") }), REPAIRED) },
    { name: "sub", reply: "from the sub-model" },
  ]);
  const id = await cluster.start({ signature: "q -> answer: str", inputs: { q: "?" } });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "repaired" }, turns: 2 });
  const [{ last: told, prompt } = { last: "", prompt: "" }] = seen;
  return { told, prompt, id };
}

const FORM = /Reply with your reasoning and then one ```python block/;

it.each<[string, string, readonly RegExp[]]>([
  ["no code", "I believe the answer is 42.", [/Your reply held no code block, so nothing ran/, FORM]],
  ["an empty reply", "", [/Your reply was empty, so nothing ran/, FORM]],
  ["prose in a fence", cell("Let me think about this first.\nThe logs are long."), [/SyntaxError/, /line 1/, /Turn 1 of 10 done, 9 left/]],
  ["another language", "```javascript\nconsole.log(1)\n```", [/marked "javascript", but only Python runs here/, FORM]],
  ["two blocks, with invented output between them", `${cell("print('first')")}\nOutput:\nfirst\n${cell("SUBMIT(answer='invented')")}`, [/^Output:\nfirst\n/, /Only the first code block of a reply runs; 1 further block was ignored/]],
  ["a fence in a string", cell("text = 'see ```python\\nx\\n``` there'\nprint(len(text), text.count('```'))"), [/^Output:\n25 2\n/]],
  ["a fence in a long string", cell("text = '''\n```python\nx()\n```\n'''\nprint(text.count('```'))"), [/^Output:\n2\n/]],
  ["a rebound print", cell("print = 5\nx = 1"), [/Put back, because they cannot be rebound: print\./]],
  ["a rebound llm_query", cell("llm_query = lambda p: 'mine'\nprint(llm_query('x'))"), [/^Output:\nmine\n/, /Put back, because they cannot be rebound: llm_query\./]],
  ["a SUBMIT in its own words", cell("SUBMIT(result='x')"), [/there is no output 'result'/, /missing: 'answer'/, /Call SUBMIT\(answer=\.\.\.\)/]],
])("says what is wrong after %s", async (_what, reply, messages) => {
  const { told } = await toldAfter(reply);
  for (const message of messages) expect(told).toMatch(message);
});

it.each<[string, string, string, readonly RegExp[]]>([
  ["NaN", "float", "float('nan')", [/answer is nan, which is no JSON number: give None or a finite number/]],
  ["bytes", "str", "b'abc'", [/answer is a bytes, which JSON cannot hold: decode it first/]],
  ["a list that holds itself", "list", "loop", [/answer\[1\] contains itself/]],
  ["an object of a class", "dict", "object()", [/answer is a object, which JSON cannot hold/]],
  ["a text for a number", "int", "'several'", [/SUBMIT was not accepted; the run goes on:\n- answer: expected int, got 'several' \(str\)/]],
])("names the fault of a SUBMIT of %s", async (_what, type, value, messages) => {
  const told: string[] = [];
  const good = { float: "1.5", str: "'ok'", list: "[1]", dict: "{}", int: "3" }[type] ?? "None";
  cluster.model.reset();
  cluster.model.setRules([{ name: "root", reply: ({ turn, last }) => (told.push(last), cell(turn === 1 ? `loop = [1]\nloop.append(loop)\nSUBMIT(answer=${value})` : `SUBMIT(answer=${good})`)) }]);
  expect(await cluster.run({ signature: `q -> answer: ${type}`, inputs: { q: "?" } })).toMatchObject({ status: "answered", turns: 2 });
  for (const message of messages) expect(told[1]).toMatch(message);
});

it.each<[string, string, string, string]>([
  ["a set", "list[str]", "{'b', 'a'}", '["a","b"]'],
  ["a date", "date", "__import__('datetime').date(2026, 1, 2)", '"2026-01-02"'],
  ["a date for a text", "str", "__import__('datetime').date(2026, 1, 2)", '"2026-01-02"'],
  ["a huge integer", "int", "10**400", `1${"0".repeat(400)}`],
])("takes a SUBMIT of %s, which has one obvious meaning", async (_what, type, value, json) => {
  cluster.model.reset();
  cluster.model.setRules([{ name: "root", reply: cell(`SUBMIT(answer=${value})`) }]);
  const result = await cluster.run({ signature: `q -> answer: ${type}`, inputs: { q: "?" } });
  expect(result).toMatchObject({ status: "answered", turns: 1 });
  const answer = result.outputs?.["answer"];
  expect(typeof answer === "bigint" ? String(answer) : JSON.stringify(answer)).toBe(json);
});

it.each(["except:", "except Exception:", "except BaseException as error:"])("a SUBMIT inside try with %s ends the run", async (handler) => {
  cluster.model.reset();
  cluster.model.setRules([{ name: "root", reply: cell(`try:\n    SUBMIT(answer='in time')\n${handler}\n    print('swallowed')`) }]);
  expect(await cluster.run({ signature: "q -> answer", inputs: { q: "?" } })).toMatchObject({ status: "answered", outputs: { answer: "in time" }, turns: 1 });
});

it("names are back in the turn after they were rebound", async () => {
  cluster.script(["llm_query = SUBMIT = print = LlmError = None", "print(llm_query('x'))\nSUBMIT(answer='back')"], { reply: "sub" });
  expect(await cluster.run({ signature: "q -> answer", inputs: { q: "?" } })).toMatchObject({ status: "answered", outputs: { answer: "back" }, llmCalls: 1, turns: 2 });
});

it("survives 10 MB of reasoning, which does not fill the context of later turns", async () => {
  const { prompt, id } = await toldAfter(`${"It may be so, or it may not. ".repeat(350_000)}\n${cell("print('ran')")}`);
  expect(prompt).toContain("Output:\nran");
  expect(prompt).toMatch(/… \[10,1\d\d,\d{3} characters of this reply left out\] …/);
  expect(prompt.length).toBeLessThan(40_000);
  const [first] = (await readTrajectory(cluster.client, id)).turns;
  expect(first?.reasoning?.length).toBeGreaterThan(10_000_000);
}, 120_000);

it("says that a reply was cut off by its length, and does not run half of it", async () => {
  const { told } = await toldAfter("I will write it all out.\n```python\nprint('half')\nanswer = 'a very long", { finishReason: "length" });
  expect(told).toMatch(/Your reply was cut off because it reached the length limit[^]*build long answers in variables/);
  expect(told).not.toContain("Output:");
});

it("runs the whole block of a reply that was cut off after it", async () => {
  const { told } = await toldAfter(`${cell("print('whole')")}\nAnd then I would`, { finishReason: "length" });
  expect(told).toMatch(/^Output:\nwhole\n/);
});
