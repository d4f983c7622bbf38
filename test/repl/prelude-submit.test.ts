import { expect, test } from "vitest";
import { commonCellSession, openCellSession } from "../helpers/cell-session.js";
import { whole } from "../helpers/whole-text.js";

test("a swallowed SUBMIT still counts, and the first one wins", async () => {
  const session = await commonCellSession();
  const result = await session.run("try:\n    SUBMIT('right')\nexcept BaseException:\n    SUBMIT('wrong')");
  expect(result.submit).toEqual({ json: '{"answer":"right"}' });
  expect(result.error).toBeNull();
});

test("code that goes on after a swallowed SUBMIT cannot spend calls", async () => {
  const session = await commonCellSession();
  const result = await session.run("try:\n    SUBMIT('a')\nexcept:\n    pass\nllm_query('more')");
  expect(result.submit).toEqual({ json: '{"answer":"a"}' });
  expect(session.requests).toEqual([]);
});

test("SUBMIT inside a coroutine ends the cell", async () => {
  const session = await commonCellSession();
  const result = await session.run("async def finish(): SUBMIT('a')\nawait finish()\nprint('not reached')");
  expect(result).toMatchObject({ submit: { json: '{"answer":"a"}' }, error: null, output: { chars: 0 } });
});

test("a later cell starts without the submission of the one before", async () => {
  const session = await commonCellSession();
  await session.run("SUBMIT('a')");
  expect((await session.run("llm_query('x')")).submit).toBeNull();
});

test("wrong arity, unknown and missing names are told at once", async () => {
  await using session = await openCellSession({ outputNames: ["answer", "score"] });
  const { error, submit } = await session.run("SUBMIT('a', answer='b', zzz=1)");
  expect(submit).toBeNull();
  expect(error).toMatchObject({
    type: "TypeError",
    message: "SUBMIT was refused, the run goes on: 'answer' was given twice; there is no output 'zzz'; missing: 'score'. Call SUBMIT(answer=..., score=...).",
  });
});

test("an optional output may be left out", async () => {
  await using session = await openCellSession({ outputNames: ["answer", "note"], optionalOutputNames: ["note"] });
  expect((await session.run("SUBMIT(answer='a')")).submit).toEqual({ json: '{"answer":"a"}' });
});

test("values with one obvious meaning become JSON, integers exactly", async () => {
  const session = await commonCellSession();
  const result = await session.run(`
import dataclasses, collections, enum, datetime, decimal
@dataclasses.dataclass
class Point:
    x: int
    tags: set
Pair = collections.namedtuple('Pair', 'a b')
class Color(enum.Enum):
    RED = 'red'
SUBMIT({'point': Point(1, {'b', 'a'}), 'pair': Pair((1, 2), Color.RED), 'day': datetime.date(2026, 1, 2), 'at': datetime.datetime(2026, 1, 2, 3, 4),
        'price': decimal.Decimal('1.10'), 'big': 2**64 + 1, 7: True, None: {}.keys(), 'text': '\\ud83c\\udf89 \\ud800'})`);
  expect(result.error).toBeNull();
  expect(result.submit?.json).toBe(
    '{"answer":{"point":{"x":1,"tags":["a","b"]},"pair":{"a":[1,2],"b":"red"},"day":"2026-01-02","at":"2026-01-02T03:04:00",' +
      '"price":"1.10","big":18446744073709551617,"7":true,"null":[],"text":"🎉 \uFFFD"}}',
  );
});

test("every value that JSON cannot hold is named by its path", async () => {
  const session = await commonCellSession();
  const { error } = await session.run("loop = []\nloop.append(loop)\nSUBMIT([b'x', {'a b': object(), 'n': float('inf')}, (c for c in 'x'), {(1, 2): 3}, {1: 'a', '1': 'b'}, loop])");
  expect(error?.type).toBe("TypeError");
  for (const fault of [
    "answer[0] is a bytes, which JSON cannot hold: decode it first",
    "answer[1]['a b'] is a object",
    "answer[1].n is inf, which is no JSON number",
    "answer[2] is a generator, which JSON cannot hold: make it a list",
    "answer[3] has a key of type tuple",
    "answer[4]['1'] is there twice",
    "answer[5][0] contains itself",
  ]) expect(error?.message).toContain(fault);
});

test("a million numbers are submitted in well under the time of a turn", async () => {
  const session = await commonCellSession();
  const result = await session.run("SUBMIT(list(range(10**6)))");
  expect(JSON.parse(result.submit!.json).answer).toHaveLength(1_000_000);
  expect(whole(result.output)).toBe("");
});
