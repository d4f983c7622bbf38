import { expect, test } from "vitest";
import type { LlmCallRequest, RlmCallRequest } from "../../src/core/cell.js";
import { commonCellSession, openCellSession } from "../helpers/cell-session.js";
import { whole } from "../helpers/whole-text.js";

const str = { kind: "str" };
const int = { kind: "int" };

/** How a schema is said in Python, and the type that the host is told. */
test.each<readonly [string, unknown]>([
  ["'list[str]'", { kind: "list", item: str }],
  ["'string[]'", { kind: "list", item: str }],
  ["list[int]", { kind: "list", item: int }],
  ["int", int],
  ["'int | None'", { kind: "union", options: [int, { kind: "none" }] }],
  ["\"'yes' | 'no'\"", { kind: "literal", values: ["yes", "no"] }],
  ["{'name': str, 'age?': 'int'}", { kind: "object", fields: [{ name: "name", type: str }, { name: "age", type: int, optional: true }] }],
  ["'{name: string; tags: string[]}[]'", { kind: "list", item: { kind: "object", fields: [{ name: "name", type: str }, { name: "tags", type: { kind: "list", item: str } }] } }],
  ["{'type': 'object', 'properties': {'n': {'type': 'integer', 'description': 'how many'}}, 'required': ['n']}", { kind: "object", fields: [{ name: "n", type: int, description: "how many" }] }],
  ["{'type': 'array', 'items': {'$ref': '#/$defs/x'}, '$defs': {'x': {'enum': ['a', 1]}}}", { kind: "list", item: { kind: "literal", values: ["a", 1] } }],
  ["'dict[str, tuple[int, str]]'", { kind: "dict", value: { kind: "tuple", items: [int, str] } }],
  ["[{'id': int}]", { kind: "list", item: { kind: "object", fields: [{ name: "id", type: int }] } }],
])("schema=%s is told to the host as a type", async (schema, type) => {
  const session = await commonCellSession({ typed: () => ({ error: { kind: "none", message: "not asked for here" } }) });
  const result = await session.run(`llm_query_batched(['q'], schema=${schema})`);
  expect(result.error).toBeNull();
  expect(session.requests[0]?.calls).toEqual([{ kind: "llm", prompt: "q", model: null, schema: type }]);
});

test.each([
  ["'lst[str]'", "lst"],
  ["'list['", "cannot be read as a type"],
  ["''", "cannot be read as a type"],
  ["5", "5"],
  ["print", "print"],
  ["{}", "without fields"],
  ["'{ a: str, a: int }'", "the field 'a' stands twice"],
  ["{'type': 'integer', 'minimum': 3}", "minimum"],
  ["'dict[int, str]'", "keys of a dict are str"],
  ["{'$ref': '#/nowhere'}", "points to nothing"],
])("schema=%s raises ValueError and nothing is sent", async (schema, why) => {
  const session = await commonCellSession();
  const result = await session.run(`llm_query_batched(['q'], schema=${schema})`);
  expect(result.error).toMatchObject({ type: "ValueError", message: expect.stringContaining(why) });
  expect(result.error?.message).toContain("Nothing was sent");
  expect(session.requests).toEqual([]);
});

test("a checked reply becomes the Python value that the schema names, integers exact", async () => {
  const json = '{"name":"Ada","age":900719925474099312345,"born":"1815-12-10","tags":["a","b"]}';
  const session = await commonCellSession({ typed: () => ({ json }) });
  const result = await session.run(`from dataclasses import dataclass
from datetime import date
@dataclass
class Person:
    name: str
    age: int
    born: date
    tags: set[str]
    title: str = 'Countess'
p = llm_query('who?', schema=Person)
[p.name, p.age + 1, p.born.year, sorted(p.tags), p.title, type(p).__name__]`);
  expect(result.error).toBeNull();
  expect(whole(result.value!)).toBe("['Ada', 900719925474099312346, 1815, ['a', 'b'], 'Countess', 'Person']");
});

test("a batch with a schema keeps its order, and a call that failed leaves an LlmError in its slot", async () => {
  const typed = (call: LlmCallRequest | RlmCallRequest) => (call.kind === "llm" && call.prompt === "bad" ? { error: { kind: "schema", message: "no reply fitted" } } : { json: "[1, 2]" });
  const session = await commonCellSession({ typed });
  const result = await session.run("rows = llm_query_batched(['a', 'bad', 'c'], schema='list[int]')\n[rows[0], isinstance(rows[1], LlmError), rows[1].kind, rows[2]]");
  expect(whole(result.value!)).toBe("[[1, 2], True, 'schema', [1, 2]]");
  const alone = await session.run("llm_query('bad', schema=list[int])");
  expect(alone.error).toMatchObject({ type: "LlmError", message: "[ERROR] schema: no reply fitted" });
});

test("the awaitable twins and thread pools take a schema as well, in one suspension", async () => {
  const session = await commonCellSession({ typed: () => ({ json: "7" }) });
  const code = "import asyncio\nfrom concurrent.futures import ThreadPoolExecutor\na = await asyncio.gather(llm_query('x', schema=int), llm_query_async('y', schema='int'))\nwith ThreadPoolExecutor() as pool: b = [f.result() for f in [pool.submit(llm_query, 'z', schema=int)]]\na + b";
  const result = await session.run(code);
  expect(whole(result.value!)).toBe("[7, 7, 7]");
  expect(session.requests.map(({ calls }) => calls.length)).toEqual([2, 1]);
});

test("without recursion there is no rlm_query", async () => {
  const session = await commonCellSession();
  const result = await session.run("rlm_query('do it')");
  expect(result.error?.type).toBe("NameError");
});

test("rlm_query sends the task, the outputs that are wanted and the variables by value", async () => {
  await using session = await openCellSession({ recursion: true, typed: () => ({ json: '{"answer":"done"}' }) });
  const result = await session.run("rlm_query('sum it', rows=[1, 2**70], note='x')");
  expect(whole(result.value!)).toBe("'done'");
  expect(session.requests[0]?.calls).toEqual([
    { kind: "rlm", task: "sum it", outputs: { kind: "object", fields: [{ name: "answer", type: str }] }, variables: '{"rows":[1,1180591620717411303424],"note":"x"}' },
  ]);
});

test("rlm_query answers with the type of its schema, or with the outputs named after ->", async () => {
  const typed = (call: LlmCallRequest | RlmCallRequest) => ({ json: call.kind === "rlm" && call.outputs.fields.length > 1 ? '{"title":"T","score":3}' : '{"answer":[1,2]}' });
  await using session = await openCellSession({ recursion: true, typed });
  expect(whole((await session.run("rlm_query('t', schema=tuple[int, int])")).value!)).toBe("(1, 2)");
  expect(whole((await session.run("rlm_query('t', schema='-> title, score: int')")).value!)).toBe("{'title': 'T', 'score': 3}");
});

test("rlm_query_batched takes tasks with variables of their own; a failed child leaves an LlmError, a degraded answer a remark", async () => {
  const typed = (call: LlmCallRequest | RlmCallRequest) => {
    if (call.kind === "rlm" && call.task === "bad") return { error: { kind: "rlm", message: "the child run failed" } };
    return call.kind === "rlm" && call.task === "late" ? { json: '{"answer":"half"}', degraded: "iterations" } : { json: '{"answer":"ok"}' };
  };
  await using session = await openCellSession({ recursion: true, typed });
  const result = await session.run("rows = rlm_query_batched(['a', ('b', {'n': 1}), 'bad', 'late'], common='x')\n[rows[0], rows[1], rows[2].kind, rows[3]]");
  expect(whole(result.value!)).toBe("['ok', 'ok', 'rlm', 'half']");
  expect(whole(result.output)).toContain("reached its limit (iterations)");
  expect(session.requests[0]?.calls.map((call) => (call.kind === "rlm" ? call.variables : null))).toEqual(['{"common":"x"}', '{"common":"x","n":1}', '{"common":"x"}', '{"common":"x"}']);
});

test.each([
  ["rlm_query('')", "ValueError", "empty"],
  ["rlm_query(5)", "TypeError", "must be a str"],
  ["rlm_query('t', SUBMIT=1)", "ValueError", "reserves it"],
  ["rlm_query('t', f=print)", "TypeError", "copied as JSON"],
  ["rlm_query('t', schema='nonsense')", "ValueError", "nonsense"],
  ["rlm_query_batched('one')", "TypeError", "needs a list"],
])("%s is refused before anything starts", async (code, type, why) => {
  await using session = await openCellSession({ recursion: true });
  const result = await session.run(code);
  expect(result.error).toMatchObject({ type, message: expect.stringContaining(why) });
  expect(session.requests).toEqual([]);
});
