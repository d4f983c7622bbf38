import { expect, test } from "vitest";
import { commonCellSession, openCellSession } from "../helpers/cell-session.js";
import { findNameFault } from "../../src/signature/names.js";
import { whole } from "../helpers/whole-text.js";

/** Shows everything. */
const wide = openCellSession({ maxOutputChars: 1_000_000 });

test("a print of 200 MB keeps head and tail and says how long it was", async () => {
  await using session = await openCellSession({ maxOutputChars: 1_000 });
  const { output } = await session.run("print('a' * 100_000_000 + 'b' * 100_000_000)");
  expect(output).toEqual({ head: "a".repeat(500), tail: `${"b".repeat(499)}\n`, chars: 200_000_001 });
});

test("many small prints are bounded the same way", async () => {
  await using session = await openCellSession({ maxOutputChars: 20 });
  const { output } = await session.run("for i in range(100_000): print(i)");
  expect(output).toEqual({ head: "0\n1\n2\n3\n4\n", tail: "998\n99999\n", chars: 588_890 });
});

test("a trailing expression of any size is bounded", async () => {
  await using session = await openCellSession({ maxOutputChars: 20 });
  expect((await session.run("'x\\n' * 50_000_000")).value).toEqual({ head: "'x\\nx\\nx\\n", tail: "x\\nx\\nx\\n'", chars: 150_000_002 });
  expect((await session.run("list(range(1_000_000))")).value).toMatchObject({ head: "[0, 1, 2, ", chars: 7_888_890 });
});

test.each([
  ["[1, (2,), {'k': {3}}, 'q', b'x', None, (), 1.5, True]"],
  ["{'a': [1, [2, [3]]], 2: frozenset({1}), None: ''}"],
  ['"it\'s" * 3'],
  ["[\"it's\" + '\"'] * 600"],
  ["'a\\'b' * 40_000"],
  ["bytes(range(256)) * 300"],
  ["[[i, {'i': str(i)}] for i in range(700)]"],
])("the value shown for %s is its repr", async (code) => {
  const session = await wide;
  const { value } = await session.run(code);
  const { output } = await session.run(`print(repr(${code}), end='')`);
  expect(value).toEqual(output);
});

test("a list nested 100,000 deep is shown cut instead of ending the interpreter", async () => {
  await using session = await openCellSession();
  const { value } = await session.run("nest = []\nfor _ in range(100_000): nest = [nest]\nnest");
  expect(whole(value!)).toContain("[[[...]]]");
  expect(whole((await session.run("loop = [1]\nloop.append(loop)\nloop")).value!)).toBe("[1, [...]]");
});

test("stdout and stderr come in the order they were written, bytes and logging included", async () => {
  const session = await commonCellSession();
  const { output } = await session.run(
    "import sys, logging\nprint('a')\nprint('b', file=sys.stderr)\nsys.stdout.buffer.write('é\\n'.encode())\nlogging.warning('c')\nprint('\\ud800', end='')",
  );
  expect(whole(output)).toBe("a\nb\né\nWARNING:root:c\n\uFFFD");
});

test("a traceback shows the cell's lines, functions of earlier cells and the cause, and no machinery", async () => {
  await using session = await openCellSession();
  await session.run("# a comment\ndef half(n):\n    return n / 0");
  const { error } = await session.run("try:\n    half(1)\nexcept ZeroDivisionError as cause:\n    raise RuntimeError('outer') from cause");
  expect(whole(error!.traceback)).toBe(
    [
      "Traceback (most recent call last):",
      '  File "<cell 2>", line 2, in <module>',
      "    half(1)",
      "    ~~~~^^^",
      '  File "<cell 1>", line 3, in half',
      "    return n / 0",
      "           ~~^~~",
      "ZeroDivisionError: division by zero",
      "",
      "The above exception was the direct cause of the following exception:",
      "",
      "Traceback (most recent call last):",
      '  File "<cell 2>", line 4, in <module>',
      "    raise RuntimeError('outer') from cause",
      "RuntimeError: outer",
    ].join("\n"),
  );
});

test("a syntax error shows line and caret", async () => {
  await using session = await openCellSession();
  const { error } = await session.run("x = 1\ny = (2");
  expect(whole(error!.traceback)).toBe(`  File "<cell 1>", line 2\n    y = (2\n        ^\nSyntaxError: '(' was never closed`);
});

test("the traceback of an error with a huge message is bounded", async () => {
  await using session = await openCellSession({ maxOutputChars: 1_000 });
  const { error } = await session.run("raise ValueError('m' * 10_000_000)");
  expect(error!.traceback.head.length + error!.traceback.tail.length).toBe(1_000);
  expect(error!.message.length).toBeLessThan(2_200);
});

test("an endless loop ends as CellTimeout with the line it was in, and the session goes on", async () => {
  await using session = await openCellSession({ cellTimeoutMs: 1_000 });
  const { error } = await session.run("kept = 1\nwhile True:\n    kept += 1");
  expect(error?.type).toBe("CellTimeout");
  expect(whole(error!.traceback)).toMatch(/^Traceback[^]*<cell 1>", line [23][^]*\nCellTimeout: the cell ran longer than its time limit/);
  expect(whole((await session.run("kept > 1")).value!)).toBe("True");
});

test("reserved names and builtins that a cell rebinds or deletes are put back and reported", async () => {
  const session = await commonCellSession();
  const result = await session.run("import builtins\nllm_query = 3\nprint = None\ndel SUBMIT\nbuiltins.len = None\nbudget = 1");
  expect(result.restored).toEqual(["llm_query", "SUBMIT", "budget", "print", "builtins.len"]);
  expect(result.changed).toEqual([]);
  expect(whole((await session.run("print(llm_query('a'), len('abc'), SUBMIT is not None)")).output)).toBe("A:a 3 True\n");
});

test.each([
  ["replaces its streams", "import sys, io\nsys.stdout = sys.stderr = io.StringIO()"],
  ["closes its streams", "import sys\nsys.stdout.close()\nsys.stdin.close()"],
  ["empties sys.modules", "import sys\nsys.modules.clear()"],
  ["breaks json and traceback", "import json, traceback, linecache\njson.dumps = json.JSONEncoder = traceback.TracebackException = None\nlinecache.cache = None"],
  ["empties its namespace", "globals().clear()"],
  ["empties the builtins", "import builtins\nvars(builtins).clear()"],
  ["limits the digits of integers", "import sys\nsys.set_int_max_str_digits(640)"],
  ["leaves a trace function", "import sys\nsys.settrace(lambda *_: 1 / 0)"],
  ["exits", "exit()"],
  ["raises an exception whose text cannot be had", "class Bad(Exception):\n    def __str__(self): raise KeyboardInterrupt\nraise Bad"],
  ["has a value whose repr raises", "class Bad:\n    def __repr__(self): raise SystemExit\nBad()"],
  ["plays with metaclasses", "class Meta(type):\n    __name__ = property(lambda c: 1 / 0)\n    def __instancecheck__(c, o): raise KeyError\nclass Bad(metaclass=Meta):\n    __class__ = property(lambda s: 1 / 0)\n    def __len__(s): raise KeyError\nbad = Bad()"],
])("a cell that %s leaves a session that works", async (_title, code) => {
  await using session = await openCellSession();
  await session.run(code);
  const next = await session.run("import json\nprint('alive', len(str(10**5000)), llm_query('a'))\n1 / 0");
  expect(whole(next.output)).toBe("alive 5001 A:a\n");
  expect(whole(next.error!.traceback)).toContain('File "<cell 2>", line 3');
});

test("no field of a signature can have a name that the sandbox binds", async () => {
  await using session = await openCellSession({ recursion: true });
  const { output } = await session.run("import json\nprint(json.dumps([name for name in globals() if not name.startswith('__') and name != 'json']))");
  const bound = JSON.parse(whole(output)) as string[];
  expect(bound).toContain("rlm_query_async");
  expect(bound.filter((name) => findNameFault(name, "input") === null)).toEqual([]);
});

test("new and rebound variables are reported with type and length, and after a NameError all names", async () => {
  await using session = await openCellSession({ inputs: { text: '"abc"' } });
  const first = await session.run("import json\nrows = [{'a': 1, 'b': 'x'}] * 3\n_hidden = 1\ndef helper(): inner = 2");
  expect(first.changed).toEqual([
    { name: "rows", type: "list[dict[str, int | str]]", length: 3 },
    { name: "helper", type: "function", length: null },
  ]);
  const second = await session.run("text = text + 'd'\nmissing");
  expect(second.changed).toEqual([{ name: "text", type: "str", length: 4 }]);
  expect(second.names).toEqual(["text", "rows", "helper"]);
  expect(whole((await session.run("SHOW_VARS()")).value!)).toBe("text: str, 4 characters\nrows: list[dict[str, int | str]], 3 items\nhelper: function");
});

test("the bookkeeping keeps nothing alive that the cell lets go", async () => {
  const session = await commonCellSession();
  await session.run("class Loud:\n    def __del__(self): print('gone')\nloud = Loud()");
  expect(whole((await session.run("del loud\nprint('after')")).output)).toBe("gone\nafter\n");
});

test.each([
  ["", ""],
  ["async ", "await "],
])("what a failed %sfunction held is let go when its cell ends", async (define, wait) => {
  const session = await commonCellSession();
  await session.run(`class Loud:\n    def __del__(self): seen.append('gone')\nseen = []\n${define}def fail():\n    held = Loud()\n    1 / 0`);
  expect((await session.run(`${wait}fail()`)).error?.type).toBe("ZeroDivisionError");
  expect(whole((await session.run("seen")).value!)).toBe("['gone']");
});

test("random numbers follow from the seed", async () => {
  const draw = async (): Promise<string> => {
    await using session = await openCellSession();
    return whole((await session.run("import random\nrandom.random(), random.choice('abcdef')")).value!);
  };
  expect(await draw()).toBe(await draw());
});

test("inputs are described by type, length and a short preview", async () => {
  const rows = Array.from({ length: 100_000 }, (_, i) => ({ i, t: `row ${i}` }));
  await using session = await openCellSession({
    inputs: {
      small: '{"a": [1, null], "b": "q"}',
      rows: JSON.stringify(rows),
      text: JSON.stringify(`HEAD${"x".repeat(100_000)}TAIL`),
      files: JSON.stringify(Object.fromEntries(rows.slice(0, 5_000).map(({ i }) => [`f${i}.txt`, "text ".repeat(300)]))),
      count: "9007199254740993",
      nothing: "null",
    },
  });
  const [small, list, text, files, count, nothing] = session.variables;
  expect(small).toEqual({ name: "small", type: "dict[str, list[int | None] | str]", length: 2, preview: "{'a': [1, None], 'b': 'q'}" });
  expect(list).toMatchObject({ type: "list[dict[str, int | str]]", length: 100_000 });
  expect(list?.preview).toMatch(/^\[\{'i': 0, 't': 'row 0'\}, .*… 99,99\d more items\]$/);
  expect(text).toMatchObject({ type: "str", length: 100_008 });
  expect(text?.preview).toMatch(/^HEADx+\n… 99,568 characters left out …\nx+TAIL$/);
  expect(files).toMatchObject({ type: "dict[str, str]", length: 5_000 });
  expect(files?.preview).toMatch(/^\{'f0\.txt': str of length 1,500, .*… 4,992 more keys\}$/);
  expect(count).toEqual({ name: "count", type: "int", length: null, preview: "9007199254740993" });
  expect(nothing).toEqual({ name: "nothing", type: "None", length: null, preview: "None" });
  for (const variable of session.variables) expect(variable.preview.length).toBeLessThan(560);
});
