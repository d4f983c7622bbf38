import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { extractCell } from "../../src/core/fences.js";

interface FenceRun {
  readonly name: string;
  readonly turns: readonly { readonly reasoning: string; readonly code: string }[];
  readonly expect: { readonly turns: number; readonly outputs: { readonly answer: string }; readonly observations?: readonly { readonly contains: string }[] };
}

const all = JSON.parse(readFileSync(new URL("../conformance/data/runs.json", import.meta.url), "utf8")) as (FenceRun & { readonly group: string })[];
const runs = all.filter(({ group }) => group === "fence");

const codeOf = (reply: string) => extractCell(reply, "stop").code;
const noticesOf = (reply: string) => {
  const cell = extractCell(reply, "stop");
  return cell.code === null ? [cell.notice] : cell.notices;
};

describe("the conformance cases", () => {
  it.each(runs.map((run) => [run.name, run] as const))("%s", (_name, run) => {
    const outcomes = run.turns.slice(0, run.expect.turns).map(({ reasoning, code }) => extractCell(`${reasoning}\n${code}`, "stop"));
    const last = outcomes.at(-1);
    const submitted = run.expect.outputs.answer === "ok" ? "SUBMIT('ok')" : `s='''${run.expect.outputs.answer}'''\nSUBMIT(s)`;
    expect(last).toMatchObject({ code: submitted, reasoning: "r" });
    run.expect.observations?.forEach(({ contains }, index) => expect(outcomes[index]).toMatchObject({ code: null, notice: expect.stringContaining(contains) }));
  });
});

describe("the first code block of a reply", () => {
  it.each([
    ["a tag in braces", "```{python}\nx()\n```"],
    ["a tag and attributes", "```python {cmd=true}\nx()\n```"],
    ["repl", "```repl\nx()\n```"],
    ["tildes", "~~~python\nx()\n~~~"],
    ["more backticks", "````python\nx()\n````"],
    ["a mid-line fence", "Let me look: ```python\nx()\n``` and so on"],
    ["a bare mid-line fence", "Let me look: ```\nx()\n```"],
    ["code on the fence's line", "```python x()\n```"],
    ["one line", "```python x()```"],
    ["one line without a tag", "Now ```x()```"],
    ["an end in mid-line", "```python\nx()```"],
    ["no end", "Look:\n```python\nx()\n"],
    ["no end before the next block", "```python\nx()\n```python\ny()\n```"],
    ["Windows line ends", "```python\r\nx()\r\n```\r\n"],
    ["a list's indentation", "1. Look\n   ```python\n   x()\n   ```"],
    ["a doubled Python fence", "```python\n```python\nx()\n```\n```"],
    ["a doubled bare fence", "```\n```\nx()\n```\n```"],
    ["a markdown wrapper", "````markdown\n```python\nx()\n```\n````"],
    ["a block of another language before it", "```json\n{}\n```\n```python\nx()\n```"],
    ["quoted words in triple backticks before it", "Use ```llm_query``` here:\n```python\nx()\n```"],
    ["a fence sign in the prose before it", "I avoid ``` in strings.\n```python\nx()\n```"],
  ])("is found with %s", (_name, reply) => {
    expect(codeOf(reply)).toBe("x()");
  });

  it("keeps inner indentation and lines", () => {
    expect(codeOf("```python\n\nfor i in x:\n    print(i)\n\ny = '''\n  a\n'''\n\n```")).toBe("for i in x:\n    print(i)\n\ny = '''\n  a\n'''");
  });

  it.each([
    ["in a triple-quoted string", "p = '''\n```\ncode\n```\n'''\nllm_query(p)"],
    ["in triple double quotes with quotes inside", 'p = """it\'s\n```python\nx = "y"\n```\n"""\nllm_query(p)'],
    ["in a one-line string", "p = '```' + \"```json\"\nq = p"],
    ["in an f-string with nested quotes", "p = f\"\"\"\n```\n{d[\"k\"]} {{x}} {v:>{w}}\n```\n\"\"\"\nq(p)"],
    ["in a one-line f-string that reuses its quotes", "p = f\"{', '.join(f\"```{x}```\" for x in y)}```\"\nq(p)"],
    ["in a raw string with a backslash before the quote", "p = r'\\'```'\nq(p)"],
    ["in a comment", "# write ``` fences\nq(p)"],
    ["after a comment with an apostrophe", "# don't\np = '''\n```\n'''\nq(p)"],
  ])("does not end at a fence %s", (_name, code) => {
    expect(codeOf(`Plan.\n\`\`\`python\n${code}\n\`\`\`\nDone.`)).toBe(code);
    expect(codeOf(`\`\`\`python\n${code}`)).toBe(code);
  });

  it("does not end at a tilde that is an operator", () => {
    expect(codeOf("~~~\nx = 1 +\\\n~~~y\n~~~")).toBe("x = 1 +\\\n~~~y");
  });

  it("ends at the first fence with a line to itself where a string never ends", () => {
    expect(codeOf("```python\nx = '''oops\nprint(x)\n```\nThat's it.")).toBe("x = '''oops\nprint(x)");
    expect(codeOf('```python\nx = "oops\nprint(x)\n```\nIt\'s done.')).toBe('x = "oops\nprint(x)');
    expect(codeOf("```python\nx = f'{oops\nprint(x)\n```\nThat's it.")).toBe("x = f'{oops\nprint(x)");
  });

  it("is the only one that runs; the model is told about others and about text after it", () => {
    const reply = "Think.\n```python\na()\n```\nOutput:\n```\n42\n```\n```python\nb()\n```\nSo 42.";
    expect(extractCell(reply, "stop")).toEqual({
      code: "a()", keptReply: "Think.\n```python\na()\n```", reasoning: "Think.",
      notices: ["Only the first code block of a reply runs; 2 further blocks were ignored, and output you wrote yourself is not real. Write one block, then read its output."],
    });
    expect(noticesOf("```python\na()\n```\nThis prints a.")).toEqual(["The text after your code block was ignored. End your reply with the block, and read its output before you go on."]);
    expect(noticesOf("```python\na()\n```\n\n")).toEqual([]);
    expect(noticesOf("```json\n{}\n```\n```python\na()\n```")).toEqual(['The block marked "json" was not run; only Python runs here.']);
  });
});

describe("thinking", () => {
  it.each([
    ["in tags", "<think>\n```python\nbad()\n```\n</think>\n```python\nx()\n```"],
    ["in mid-line", "Okay <think>```python\nbad()\n```</think>\n```python\nx()\n```"],
    ["closed but never opened", "First ```python\nbad()\n``` no.\n</think>\n\n```python\nx()\n```"],
    ["spelt <thinking>", "<Thinking>SUBMIT(1)\n</Thinking>\nx()"],
  ])("%s is never searched for code", (_name, reply) => {
    expect(codeOf(reply)).toBe("x()");
  });

  it("that never ends leaves nothing to run", () => {
    expect(noticesOf("<think>\n```python\nbad()\n```")).toEqual([expect.stringContaining("[Error] Your reply ended with your thinking")]);
  });

  it("tags inside code are code", () => {
    const code = "x = '<think>'\ny = re.sub('''\n</think>\n''', '', x)";
    expect(codeOf(`\`\`\`python\n${code}\n\`\`\``)).toBe(code);
  });

  it("stays in the reasoning, and not in the conversation", () => {
    expect(extractCell("<think>hm</think>\n```python\nx()\n```", "stop")).toMatchObject({ reasoning: "<think>hm</think>", keptReply: "```python\nx()\n```" });
  });
});

describe("a reply without a fence", () => {
  it.each([
    ["print(len(logs))"],
    ["import re\nhits = [l for l in logs.splitlines()\n        if re.search('error', l)]\n\n# how many?\nlen(hits)"],
    ["for i in range(5): print(llm_query('p%d'%i))"],
    ["def f(a, b=1):\n    \"\"\"What it does, in words.\"\"\"\n    return a if b else not b\n\nf(1)"],
    ["x: dict[str, int] = {}\nx['a'] += 1"],
    ["with open('f') as f:\n    t = f.read()"],
    ["SUBMIT(answer='a (b',\n  n=2)"],
    ["def g():\n    for k in d:\n        if not d[k]: continue\n        yield\n    return\nprint(f'{len(d)!r} of {d[\"k\"]:>{w}} (or so')"],
  ])("runs when it is only code: %s", (reply) => {
    expect(extractCell(`\n${reply}\n`, "stop")).toMatchObject({ code: reply, notices: [], reasoning: "" });
  });

  it("runs a SUBMIT that has its lines to itself", () => {
    expect(extractCell("The answer is clear.\n\nSUBMIT(\n  answer='see (1',\n)\n", "stop")).toEqual({
      code: "SUBMIT(\n  answer='see (1',\n)", notices: [], keptReply: "The answer is clear.\n\nSUBMIT(\n  answer='see (1',\n)", reasoning: "The answer is clear.",
    });
    expect(extractCell("So it is.\nSUBMIT(answer=f\"{', '.join(names)} (all)\", n=1)", "stop").code).toBe("SUBMIT(answer=f\"{', '.join(names)} (all)\", n=1)");
    expect(extractCell("I am done now.\n`SUBMIT(x)`", "stop").code).toBe("SUBMIT(x)");
    expect(noticesOf("I am done now.\nSUBMIT(x)\nThat was it.")).toEqual([expect.stringContaining("text after")]);
  });

  it.each([
    ["The answer is 42."], ["answer"], ["42"], ["SUBMIT(x) is what I would call next."], ["I would call SUBMIT(x) now"], ["if the logs are large: split them"],
    ["Let me look at it.\n\nprint(len(logs))"], ["# Plan\nFirst (maybe) look = good idea"], ["Done."], ["print(f(x)"],
  ])("is told what is expected: %s", (reply) => {
    expect(extractCell(reply, "stop")).toEqual({ code: null, notice: expect.stringMatching(/^\[Error\] Your reply held no code block, so nothing ran\. Reply with .*```python/), keptReply: reply, reasoning: reply });
  });
});

describe("a reply with nothing to run", () => {
  it.each([
    ["", "stop", "[Error] Your reply was empty"], [" \n", "stop", "[Error] Your reply was empty"],
    ["```python\n\n```", "stop", "[Error] The code block of your reply was empty"],
    ["```bash\nls\n```", "stop", '[Error] The code block of your reply was marked "bash", but only Python runs here'],
    ["", "length", "[Error] Your reply was cut off"], ["I think that", "length", "[Error] Your reply was cut off"], ["<think>long", "length", "[Error] Your reply was cut off"],
    ["```python\nx = [1,", "length", "[Error] Your reply was cut off"], ["x = 1\ny = f(x)", "length", "[Error] Your reply was cut off"],
    ["```python\nx = [1,", "content_filter", "[Error] Your reply was stopped by the provider's content filter"],
  ] as const)("%j (%s): %s", (reply, finishReason, notice) => {
    expect(extractCell(reply, finishReason)).toMatchObject({ code: null, notice: expect.stringContaining(notice) });
  });

  it("runs all the same when the block was whole before the cut", () => {
    expect(extractCell("```python\nx()\n```\nThen I", "length").code).toBe("x()");
  });
});

it("a long reply that is nothing but fences, tags and brackets is read in moderate time", () => {
  const started = performance.now();
  for (const piece of ["```", "```python\n'''\n", "<think>", "</think>\n", "SUBMIT(\n", "('\"\"\"", "~~~\n", "f'{", "`SUBMIT(", "```python\n", "```\n"]) extractCell(piece.repeat(3000), "stop");
  expect(performance.now() - started).toBeLessThan(10_000);
});
