import { monitorEventLoopDelay } from "node:perf_hooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CallAllowance } from "../../../src/repl/child/call-allowance.js";
import { SandboxFixture } from "../sandbox-fixture.js";

const MIB = 2 ** 20;

/** What the cell does, its code, the error that the model is told of, and its message. */
type Extreme = readonly [what: string, code: string, type: string | null, message: RegExp];

/** The first five are tried behind both walls; the others do not depend on them. */
const EXTREMES: readonly Extreme[] = [
  ["prints 1 GB", "for _ in range(1000): print('x' * 10**6)", null, /^/],
  ["allocates 8 GB", "x = bytearray(8 * 10**9)", "MemoryError|OverflowError", /^/],
  ["opens 10,000 files", "files = [open(f'/tmp/{i}', 'wb', 0) for i in range(10_000)]", "OSError", /No file descriptors available/],
  ["recurses a million deep", "def f(n): return f(n + 1)\nf(0)", "RecursionError", /maximum recursion depth/],
  ["spins for ever", "while True: pass", "CellTimeout", /longer than its time limit/],
  ["makes 30,000 directories", "import os\nfor i in range(30_000): os.mkdir(f'/tmp/d{i}')", "OSError", /No space left on device/],
  ["gives a file a name of 300 characters", "open('/tmp/' + 'n' * 300, 'w')", "OSError", /too long/i],
  ["renames a file to such a name", "import os\nopen('/tmp/a', 'w').close()\nos.rename('/tmp/a', '/tmp/' + 'n' * 300)", "OSError", /too long/i],
  ["links to a path of a megabyte", "import os\nos.symlink('t' * 10**6, '/tmp/link')", "OSError", /too long/i],
  ["fills files that it has deleted", "import os\nkept = []\nfor i in range(9):\n  f = open('/tmp/x', 'wb', 0); f.write(bytes(2**20)); os.unlink('/tmp/x'); kept.append(f)", "OSError", /No space left on device/],
  ["fills a pipe that nobody reads", "import os\nr, w = os.pipe()\nfor _ in range(100): os.write(w, bytes(10_000))", "BlockingIOError", /^/],
  ["asks with a prompt of 9 MB", "llm_query('x' * 9 * 2**20)", "ValueError", /9,437,184 characters, at most 8,388,608 fit one call/],
  ["asks with a batch of 40 MB", "llm_query_batched(['x' * 8 * 2**20] * 5)", "ValueError", /more than 32 MiB together/],
  ["asks 30,000 questions at once", "llm_query_batched(['x'] * 30_000)", "ValueError", /at most 20000 are possible/],
  ["submits 64 MB", "SUBMIT(answer='x' * 64 * 2**20)", "ValueError", /67,108,877 bytes as JSON, at most 8,388,608 are possible/],
  ["searches with a regular expression that never ends", "import re\nre.match(r'(a+)+$', 'a' * 64 + 'b')", "CellTimeout", /longer than its time limit/],
  ["writes out a number of ten million digits", "text = str(10 ** 10_000_000)", "CellTimeout", /longer than its time limit/],
  ["asks from a finalizer at the end of the turn", "class A:\n  def __del__(self): llm_query('x')\na = A(); a.me = a; del a", null, /^/],
];

const DEATHS: readonly (readonly [what: string, code: string, death: object])[] = [
  ["kills its process", "import os\nos.kill(os.getpid(), 9)", { reason: "fatal", message: expect.stringContaining("status 137") }],
  ["sleeps for ever", "import time\ntime.sleep(10**6)", { reason: "timeout" }],
  ["ends its process", "import os\nos._exit(3)", { reason: "fatal", message: expect.stringContaining("the cell ended its own process (os._exit, or a signal to itself), status 3") }],
  ["aborts", "import os\nos.abort()", { reason: "fatal", message: expect.stringContaining("the process was aborted") }],
  ["leaves a timer of JavaScript's", "from pyodide.webloop import WebLoop\nWebLoop().call_later(1, print)", { reason: "snapshot_refused", message: expect.stringContaining("a timer of Pyodide's own event loop is pending") }],
];

/** The worker's own memory: what a cell does must not show there. */
async function withoutMemory<T>(act: () => Promise<T>): Promise<T> {
  const rssBefore = process.memoryUsage().rss;
  const result = await act();
  expect(process.memoryUsage().rss - rssBefore).toBeLessThan(128 * MIB);
  return result;
}

let base: Uint8Array | undefined;

describe.each(["require", "off"] as const)("a cell that goes to extremes, with bubblewrap %s", (bubblewrap) => {
  const isAll = bubblewrap === "require";
  let fixture: SandboxFixture;
  beforeAll(async () => {
    fixture = await SandboxFixture.open({ bubblewrap, memoryLimitBytes: 512 * MIB, fileQuotaBytes: 4 * MIB, graceMs: 500 }, base);
    base = fixture.base;
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  it.each(isAll ? EXTREMES : EXTREMES.slice(0, 5))("%s: is told so, and the session goes on", async (_what, code, type, message) => {
    const chain = await fixture.begin();
    await chain.run("kept_before = 7");
    const { result } = await withoutMemory(() => chain.run(code, { cellTimeoutMs: type === "CellTimeout" ? 300 : 60_000 }));
    if (type === null) expect(result.error).toBeNull();
    else expect(result.error?.type).toMatch(new RegExp(`^(${type})$`));
    expect(result.error?.message ?? "").toMatch(message);
    expect(result.output.chars).toBe(code.startsWith("for _ in range(1000): print") ? 1_000_001_000 : 0);
    expect(await chain.print("kept_before")).toBe("7");
    await chain.session[Symbol.asyncDispose]();
  });

  it.each(isAll ? DEATHS : DEATHS.slice(0, 2))("%s: the session dies with the cause, and the turn's start can be restored", async (_what, code, death) => {
    const chain = await fixture.begin();
    await chain.run("kept_before = 7");
    await withoutMemory(() => expect(chain.run(code, { cellTimeoutMs: 500 })).rejects.toMatchObject({ name: "SessionDiedError", ...death }));
    const again = await fixture.reopen(chain);
    expect(await again.print("kept_before")).toBe("7");
    await again.session[Symbol.asyncDispose]();
  });
});

describe("a cell that goes far, and the host", () => {
  let fixture: SandboxFixture;
  beforeAll(async () => {
    fixture = await SandboxFixture.open({ memoryLimitBytes: 512 * MIB }, base);
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  it("submits from a finalizer while the cell runs: that counts, and the cell ends as it would", async () => {
    const chain = await fixture.begin();
    const { result } = await chain.run("class A:\n  def __del__(self): SUBMIT(answer='from a finalizer')\na = A()\ndel a\nafter = 1");
    expect(JSON.parse(result.submit?.json ?? "null")).toEqual({ answer: "from a finalizer" });
    expect(await chain.print("after")).toBe("1");
  });

  it("keeps the host's event loop and memory free while a child computes and hands over 100 MB", async () => {
    const chain = await fixture.begin();
    const rssBefore = process.memoryUsage().rss;
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    const { snapshot } = await chain.run("import random\nkept = [random.randbytes(10 * 2**20) for _ in range(10)]\nfor _ in range(10**7): pass");
    delay.disable();
    expect(snapshot.bytes.length).toBeGreaterThan(100 * MIB);
    // Heartbeats go out every few seconds.
    expect(delay.max / 1e6).toBeLessThan(500);
    expect(process.memoryUsage().rss - rssBefore).toBeLessThan(300 * MIB);
  });
});

describe("what one cell may ask", () => {
  it("ends at 256 MiB, however many suspensions they are, and begins anew with the next cell", () => {
    const allowance = new CallAllowance();
    allowance.start(2 ** 40);
    for (let i = 0; i < 8; i++) allowance.claim(32 * MIB, 1);
    expect(() => allowance.claim(1, 1)).toThrow("The prompts and arguments of this cell are more than 256 MiB together; nothing more can be sent in it. Send shorter prompts, or go on in the next cell.");
    allowance.start(2 ** 40);
    allowance.claim(1, 1);
  });

  it("ends earlier where the run's cells together have asked for 2 GiB", () => {
    const allowance = new CallAllowance();
    allowance.start(100);
    allowance.claim(99, 1);
    expect(() => allowance.claim(2, 1)).toThrow("the bound of all its cells together (2 GiB); nothing more can be sent in it. Finish with what you have");
    allowance.claim(1, 1);
  });
});
