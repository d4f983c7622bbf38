import { expect, test } from "vitest";
import { commonCellSession, type CellSession } from "../helpers/cell-session.js";
import { whole } from "../helpers/whole-text.js";
import { promptOf } from "./sandbox-fixture.js";

/** Prompts of each suspension. */
const suspensions = (session: CellSession): string[][] => session.requests.map(({ calls }) => calls.map(promptOf));

test("gathered calls leave as one suspension, in the order of their creation", async () => {
  const session = await commonCellSession();
  const result = await session.run("import asyncio\nawait asyncio.gather(*[llm_query_async(p) for p in 'abc'], llm_query_batched_async(['d', 'e']))");
  expect(whole(result.value!)).toBe("['A:a', 'A:b', 'A:c', ['A:d', 'A:e']]");
  expect(suspensions(session)).toEqual([["a", "b", "c", "d", "e"]]);
});

test.each([
  ["coroutines that await llm_query", "async def ask(p): return await llm_query(p)\nawait asyncio.gather(*[ask(p) for p in 'abc'])"],
  ["llm_query given to gather", "await asyncio.gather(*[llm_query(p) for p in 'abc'])"],
  ["asyncio.run", "async def main(): return await asyncio.gather(*(llm_query(p) for p in 'abc'))\nasyncio.run(main())"],
  ["to_thread", "await asyncio.gather(*[asyncio.to_thread(llm_query, p) for p in 'abc'])"],
  ["a task group", "async with asyncio.TaskGroup() as group:\n    tasks = [group.create_task(llm_query(p)) for p in 'abc']\n[task.result() for task in tasks]"],
  ["a timeout and a sleep", "async def ask(p):\n    await asyncio.sleep(3600)\n    return await asyncio.wait_for(llm_query_async(p), timeout=1)\nawait asyncio.gather(*map(ask, 'abc'))"],
  ["a thread pool", "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(8) as pool: answers = list(pool.map(llm_query, 'abc'))\nanswers"],
  ["a function of the cell in a pool", "from concurrent.futures import ThreadPoolExecutor\ndef ask(p, *, suffix=''):\n    reply = llm_query(p + suffix)\n    return reply\nwith ThreadPoolExecutor(8) as pool: answers = list(pool.map(ask, 'abc'))\nanswers"],
  ["a lambda in a pool", "from concurrent.futures import ThreadPoolExecutor\nanswers = list(ThreadPoolExecutor().map(lambda p: llm_query(p).strip(), 'abc'))\nanswers"],
  ["helpers, loops and closures in a pool", "from concurrent.futures import ThreadPoolExecutor\ndef outer(prefix):\n    def ask(p):\n        for attempt in range(3):\n            try: return helper(prefix + p)\n            except ValueError: pass\n    return ask\ndef helper(p): return [llm_query(q) for q in [p]][0]\n[f.result() for f in [ThreadPoolExecutor().submit(outer(''), p) for p in 'abc']]"],
  ["a method in to_thread", "class Asker:\n    def __init__(self, prefix): self.prefix = prefix\n    def ask(self, p): return llm_query(self.prefix + p)\nawait asyncio.gather(*[asyncio.to_thread(Asker('').ask, p) for p in 'abc'])"],
  ["threads", "import threading\nanswers = [None] * 3\ndef work(i, p): answers[i] = llm_query(p)\nthreads = [threading.Thread(target=work, args=(i, p)) for i, p in enumerate('abc')]\nfor t in threads: t.start()\nfor t in threads: t.join()\nanswers"],
  ["a subclass of Thread", "from threading import Thread\nclass Asker(Thread):\n    def __init__(self, p):\n        super().__init__()\n        self.p = p\n    def run(self): self.answer = llm_query(self.p)\nthreads = [Asker(p) for p in 'abc']\n[t.start() for t in threads]\n[t.join() for t in threads]\n[t.answer for t in threads]"],
  ["a thread pool of multiprocessing", "from multiprocessing.pool import ThreadPool\nwith ThreadPool(8) as pool: answers = pool.map(llm_query, 'abc')\nanswers"],
  ["a function of the cell in a multiprocessing pool", "import multiprocessing.pool\ndef ask(p, suffix):\n    reply = llm_query(p + suffix)\n    return reply\nmultiprocessing.pool.Pool(8).starmap(ask, [(p, '') for p in 'abc'])"],
  ["multiprocessing.Pool", "from multiprocessing import Pool\npool = Pool()\nanswers = []\nresult = pool.map_async(llm_query, 'abc', callback=answers.extend)\npool.close(); pool.join()\nassert result.successful()\nanswers"],
  ["multiprocessing.dummy", "from multiprocessing.dummy import Pool\npool = Pool(4)\nresults = [pool.apply_async(llm_query, (p,)) for p in 'abc']\n[result.get() for result in results]"],
  ["imap and ProcessPoolExecutor", "from concurrent.futures import ProcessPoolExecutor\nfrom multiprocessing.dummy import Pool\nfirst = ProcessPoolExecutor().submit(llm_query, 'a')\n[first.result(), *rest] if (rest := list(Pool().imap(llm_query, 'bc'))) else None"],
  ["futures of a pool as they complete", "from concurrent.futures import ThreadPoolExecutor, as_completed\npool = ThreadPoolExecutor()\nfutures = [pool.submit(llm_query, p) for p in 'abc']\nsorted(future.result() for future in as_completed(futures))"],
])("%s: one suspension", async (_title, code) => {
  const session = await commonCellSession();
  const result = await session.run(`import asyncio\n${code}`);
  expect(result.error).toBeNull();
  expect(whole(result.value!)).toBe("['A:a', 'A:b', 'A:c']");
  expect(suspensions(session)).toEqual([["a", "b", "c"]]);
});

test("a function in a pool that asks twice goes on with its first reply, in step with the others", async () => {
  const session = await commonCellSession();
  const result = await session.run("from concurrent.futures import ThreadPoolExecutor\ndef twice(p):\n    print('start', p)\n    first = llm_query(p)\n    return llm_query(first) + p\nlist(ThreadPoolExecutor().map(twice, 'ab'))");
  expect(whole(result.value!)).toBe("['A:A:aa', 'A:A:bb']");
  expect(whole(result.output)).toBe("start a\nstart b\n");
  expect(suspensions(session)).toEqual([["a", "b"], ["A:a", "A:b"]]);
});

test("threads and pools, at the limit: what fits is sent, what does not is refused", async () => {
  const session = await commonCellSession({ maxLlmCalls: 10 });
  const result = await session.run("from concurrent.futures import ThreadPoolExecutor\nfutures = [ThreadPoolExecutor(4).submit(llm_query, str(i)) for i in range(11)]\n[f.result() for f in futures[:10]], str(futures[10].exception()), budget()['llm_calls_left']");
  expect(whole(result.value!)).toBe(`(${JSON.stringify(Array.from({ length: 10 }, (_, i) => `A:${i}`)).replaceAll('"', "'").replaceAll(",", ", ")}, 'sub-call limit reached: 10 of 10 used, 1 more asked, none of these was sent. Finish with what you have and call SUBMIT.', 0)`);
});

test("a call under a lock is made at once, and nobody waits for the lock", async () => {
  const session = await commonCellSession();
  const result = await session.run("import threading\nfrom concurrent.futures import ThreadPoolExecutor\nlock = threading.Lock()\nseen = []\ndef ask(p):\n    with lock:\n        seen.append(llm_query(p))\nlist(ThreadPoolExecutor().map(ask, 'ab'))\nseen");
  expect(whole(result.value!)).toBe("['A:a', 'A:b']");
  expect(suspensions(session)).toEqual([["a"], ["b"]]);
});

test("an error in a pooled function keeps its line, one in a thread is told, and a thread that nobody joins runs to its end", async () => {
  const session = await commonCellSession();
  const failed = await session.run("from concurrent.futures import ThreadPoolExecutor\ndef bad(p):\n    reply = llm_query(p)\n    raise KeyError(reply)\nlist(ThreadPoolExecutor().map(bad, 'a'))");
  expect(failed.error).toMatchObject({ type: "KeyError" });
  expect(whole(failed.error!.traceback)).toMatch(/line 4, in bad\n {4}raise KeyError\(reply\)/);
  const told = await session.run("import threading\nt = threading.Thread(target=bad, args=('b',), name='T')\nt.start()\nt.is_alive()");
  expect(whole(told.value!)).toBe("True");
  expect(whole(told.output)).toBe("Exception in thread T: KeyError: 'A:b'\n");
});

test("calls awaited one after the other are one suspension each", async () => {
  const session = await commonCellSession();
  await session.run("first = await llm_query('a')\nsecond = await llm_query(first)");
  expect(suspensions(session)).toEqual([["a"], ["A:a"]]);
});

test("inside a coroutine llm_query without await is a text, and awaiting that text later is harmless", async () => {
  const session = await commonCellSession();
  const result = await session.run("async def f():\n    text = llm_query('a')\n    return text.upper(), await text\nawait f()");
  expect(whole(result.value!)).toBe("('A:A', 'A:a')");
});

test("a local function that happens to be called llm_query is left alone", async () => {
  const session = await commonCellSession();
  const result = await session.run("async def outer(llm_query): return await llm_query('x')\nasync def mine(p): return p * 2\nawait outer(mine)");
  expect(whole(result.value!)).toBe("'xx'");
});

test("a call that a failed cell had started is not sent by a later cell", async () => {
  const session = await commonCellSession();
  const failed = await session.run("import asyncio\nasync def boom(): raise ValueError('no')\nawait asyncio.gather(boom(), llm_query_async('lost'))");
  expect(failed.error).toMatchObject({ type: "ValueError", message: "no" });
  await session.run("await llm_query_async('later')");
  expect(suspensions(session)).toEqual([["later"]]);
});

test.each(["await asyncio.Future()", "await asyncio.gather(f(), g())", "raise SystemExit", "raise KeyboardInterrupt"])("after a cell that ends with %s, awaiting works as before", async (end) => {
  const session = await commonCellSession();
  const failed = await session.run(`import asyncio\nasync def f(): await asyncio.Event().wait()\nasync def g(): raise SystemExit\nawait asyncio.sleep(1)\n${end}`);
  expect(failed.error).not.toBeNull();
  const next = await session.run("await asyncio.sleep(1)\nfirst = await llm_query('a')\nawait asyncio.sleep(1)\n[first, await llm_query('b')]");
  expect(next.error).toBeNull();
  expect(whole(next.value!)).toBe("['A:a', 'A:b']");
});

test("the error of a task that nobody awaited is one line of output", async () => {
  const session = await commonCellSession();
  const { output } = await session.run("import asyncio, gc\nasync def boom(): raise ValueError('no')\ntask = asyncio.create_task(boom())\nawait asyncio.sleep(1)\ndel task\n_ = gc.collect()");
  expect(whole(output)).toBe("asyncio: Task exception was never retrieved (ValueError: no)\n");
});

test("an await that can never finish is an error, not a hang", async () => {
  const session = await commonCellSession();
  const result = await session.run("import asyncio\nawait asyncio.Future()");
  expect(result.error?.message).toContain("can never finish");
});

test("a failed call in a batch is a falsy text and an LlmError", async () => {
  const session = await commonCellSession({ llm: { prefix: "A:", fail_on: "BAD" } });
  const result = await session.run(`
replies = llm_query_batched(['a', 'BAD', 'c'])
bad = replies[1]
print(isinstance(bad, str), isinstance(bad, LlmError), isinstance(replies[0], LlmError), bool(bad), type(bad).__name__)
print(bad.kind, '/', bad.message)
print(bad.startswith('[ERROR]'), '|'.join(replies)[:4], [r for r in replies if r])
import copy, pickle
print(copy.deepcopy(bad).kind, pickle.loads(pickle.dumps(bad)).message)`);
  expect(result.error).toBeNull();
  expect(whole(result.output)).toBe(
    "True True False False LlmError\nserver_error / the provider failed\nTrue A:a| ['A:a', 'A:c']\nserver_error the provider failed\n",
  );
});

test("a single call that fails raises LlmError with kind and message", async () => {
  const session = await commonCellSession({ llm: { prefix: "A:", fail_on: "BAD" } });
  const result = await session.run("try:\n    llm_query('BAD')\nexcept LlmError as error:\n    print(error.kind, '/', error.message, '/', error)");
  expect(whole(result.output)).toBe("server_error / the provider failed / [ERROR] server_error: the provider failed\n");
  const uncaught = await session.run("sub_llm('BAD')");
  expect(uncaught.error).toMatchObject({ type: "LlmError" });
});

test("a batch over the budget is refused whole, with the numbers, and the cell may go on", async () => {
  const session = await commonCellSession({ maxLlmCalls: 3 });
  const result = await session.run(`
llm_query('one')
try:
    llm_query_batched(['a', 'b', 'c'])
except LlmCallLimitExceeded as error:
    print(error.used, error.asked, error.max)
    print(error)
print(budget()['llm_calls_used'], budget()['llm_calls_left'], llm_query_batched(['x', 'y']))`);
  expect(whole(result.output)).toBe(
    "1 3 3\nsub-call limit reached: 1 of 3 used, 3 more asked, none of these was sent. Ask for at most 2.\n1 2 ['A:x', 'A:y']\n",
  );
});

test.each([
  ["llm_query('')", "ValueError", "the prompt is empty"],
  ["llm_query('  \\n')", "ValueError", "the prompt is empty"],
  ["llm_query(12)", "TypeError", "must be a str, got int"],
  ["llm_query('a', model=3)", "TypeError", "model must be the name of a model or None, got int"],
  ["llm_query_batched(['a', None])", "TypeError", "prompts[1] must be a str, got None"],
  ["llm_query_batched('abc')", "TypeError", "needs a list of prompts, got str"],
])("%s is a %s and nothing is sent", async (code, type, text) => {
  const session = await commonCellSession();
  const { error } = await session.run(code);
  expect(error?.type).toBe(type);
  expect(error?.message).toContain(text);
  expect(session.requests).toEqual([]);
});

test("the model asked for travels with the call, lone surrogates of a prompt are replaced", async () => {
  const session = await commonCellSession();
  await session.run("llm_query('caf\\u00e9 \\ud800', model='big')");
  expect(session.requests).toEqual([{ calls: [{ kind: "llm", prompt: "café \uFFFD", model: "big" }] }]);
});
