import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FinishedStep, Session } from "../../src/repl/session.js";
import { finished, SandboxFixture } from "./sandbox-fixture.js";
import { MemorySessionFactory } from "../../src/testing/memory-session/memory-session-factory.js";
import { conformanceHarness, type ConformanceHarness } from "./session-harness.js";

const implementations: [string, () => Promise<ConformanceHarness>][] = [
  ["a sandbox process", async () => {
    const fixture = await SandboxFixture.open({ graceMs: 60_000 });
    return conformanceHarness(fixture.factory, fixture.base, fixture);
  }],
  ["memory", async () => {
    const factory = new MemorySessionFactory();
    return conformanceHarness(factory, (await factory.createBaseImage()).bytes);
  }],
];

describe.each(implementations)("a session of %s", (_, open) => {
  let harness: ConformanceHarness;
  beforeAll(async () => {
    harness = await open();
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  it("starts with a turn 0, keeps its state from cell to cell and reports what a cell did", async () => {
    const { session, chain } = await harness.started();
    expect(chain).toHaveLength(3);
    await harness.run(session, "x = 20\nwords = 'alpha'");
    const { result } = await harness.run(session, "print(x + 1, words)\nmissing");
    expect(result.output.head).toBe("21 alpha\n");
    expect(result.error).toMatchObject({ type: "NameError" });
    expect(result.submit).toBeNull();
  });

  it("suspends at host calls, counts them, and goes on with their outcomes", async () => {
    const { session } = await harness.started();
    const first = await session.exec(harness.cell("a = llm_query('one')\nb = llm_query_batched(['two', 'three'])\nSUBMIT(answer=a)"));
    expect(first).toMatchObject({ status: "suspended", seq: 0, divergedAtSeq: null, request: { calls: [{ kind: "llm", prompt: "one" }] } });
    const second = await session.resume(harness.answer(first));
    expect(second).toMatchObject({ status: "suspended", seq: 1, request: { calls: [{ prompt: "two" }, { prompt: "three" }] } });
    const last = await session.resume(harness.answer(second));
    expect(last).toMatchObject({ status: "finished", result: { submit: { json: '{"answer":"re: one"}' } } });
  });

  it("tells a cell that its calls were refused, or failed, as an error that it can catch", async () => {
    const { session } = await harness.started();
    await session.exec(harness.cell("llm_query('one')"));
    const refused = await session.resume({ refused: { of: "llm", used: 5, asked: 1, max: 5 }, llmCallsUsed: 5 });
    expect(refused).toMatchObject({ status: "finished", result: { error: { type: "LlmCallLimitExceeded" } } });
    await session.exec(harness.cell("llm_query('two')"));
    const failed = await session.resume({ outcomes: [{ error: { kind: "server_error", message: "it broke" } }], llmCallsUsed: 5 });
    expect(failed).toMatchObject({ status: "finished", result: { error: { type: "LlmError", message: expect.stringContaining("it broke") } } });
  });

  it("is restored from its chain in another session, which continues the chain", async () => {
    const { session, chain } = await harness.started();
    for (const code of ["x = 1", "y = 2", "x = x + y"]) extend(chain, await harness.run(session, code));
    await session[Symbol.asyncDispose]();
    const restored = await harness.restore(chain);
    const step = await harness.run(restored, "x = x + 1");
    expect(step.snapshot.keptParts).toBeGreaterThan(0);
    const again = await harness.restore(extend(chain, step));
    expect(await harness.print(again, "x, y")).toBe("4 2");
  });

  it("says of each part how much of the chain it builds on, and tells the result before the part is there", async () => {
    const { session, chain } = await harness.started();
    for (let turn = 1; turn <= 6; turn++) {
      const before = chain.length;
      const told: string[] = [];
      const step = finished(await session.exec(harness.cell(`print(${turn})`), ({ result }) => told.push(result.output.head.trim())));
      expect(told).toEqual([String(turn)]);
      expect(step.snapshot.keptParts).toBeLessThanOrEqual(before);
      extend(chain, step);
    }
    expect(await harness.print(await harness.restore(chain), "1")).toBe("1");
  });

  it("refuses a chain with a gap", async () => {
    const { session, chain } = await harness.started();
    const steps = [await harness.run(session, "x = 1"), await harness.run(session, "x = 2")];
    await expect(harness.restore([...chain, steps[1]!.snapshot.bytes])).rejects.toThrow();
  });

  it("takes a snapshot aside that stands alone, and continues its own chain as if it had not", async () => {
    const { session, chain } = await harness.started();
    extend(chain, await harness.run(session, "x = 1"));
    const aside = await session.snapshot();
    expect(aside.keptParts).toBe(0);
    extend(chain, await harness.run(session, "x = x + 1"));
    expect(await harness.print(await harness.restore([aside.bytes]), "x")).toBe("1");
    expect(await harness.print(await harness.restore(chain), "x")).toBe("2");
  });

  it("forks into two sessions that know nothing of each other", async () => {
    const { session } = await harness.started();
    await harness.run(session, "x = 1");
    const fork = await harness.own(session.fork());
    await Promise.all([harness.run(session, "x = x + 10"), harness.run(fork, "x = x + 20")]);
    expect([await harness.print(session, "x"), await harness.print(fork, "x")]).toEqual(["11", "21"]);
    await session[Symbol.asyncDispose]();
    expect(await harness.print(fork, "x")).toBe("21");
  });

  it("starts anew from another run's state: the variables stay, outputs and seed are its own", async () => {
    const { session, chain } = await harness.started();
    extend(chain, await harness.run(session, "x = 1\nr = random()"));
    const child = await harness.restore(chain);
    const { snapshot } = await child.start({ config: { outputNames: ["verdict"], maxOutputChars: 1000, seed: "another" }, inputs: [] });
    const again = await harness.restore([...chain, snapshot.bytes]);
    const { result } = await harness.run(again, "SUBMIT(verdict=x)");
    expect(result).toMatchObject({ error: null, submit: { json: '{"verdict":1}' } });
    expect(await harness.print(child, "random()")).not.toBe(await harness.print(session, "random()"));
  });

  it("replays a cell from its journal and does not ask again", async () => {
    const { session, chain } = await harness.started();
    const code = "r = random()\na = llm_query('one')\nb = llm_query('two')\nprint(r, a, b)";
    const first = await session.exec(harness.cell(code));
    const outcome = harness.answer(first);
    const journal = [harness.entry(first, outcome)];
    await session.resume(outcome);
    await session[Symbol.asyncDispose]();
    const other = await harness.restore(chain);
    const second = await other.exec(harness.cell(code, { journal }));
    expect(second).toMatchObject({ status: "suspended", seq: 1, divergedAtSeq: null, request: { calls: [{ prompt: "two" }] } });
    expect(await other.resume(harness.answer(second))).toMatchObject({ result: { output: { head: expect.stringContaining("re: one re: two") } } });
  });

  it("says where a replay differs from the journal and makes new calls from there", async () => {
    const { session, chain } = await harness.started();
    const first = await session.exec(harness.cell("llm_query('one')"));
    const journal = [harness.entry(first, harness.answer(first))];
    const other = await harness.restore(chain);
    expect(await other.exec(harness.cell("llm_query('other')", { journal }))).toMatchObject({ status: "suspended", seq: 0, divergedAtSeq: 0 });
    const shorter = await harness.restore(chain);
    expect(await shorter.exec(harness.cell("x = 1", { journal }))).toMatchObject({ status: "finished", divergedAtSeq: 0 });
  });

  it("stops a cell that runs too long and keeps what it had done", async () => {
    const { session } = await harness.started();
    const { result } = await harness.run(session, "x = 5\nwhile True: pass", { cellTimeoutMs: 300 });
    expect(result.error?.type).toBe("CellTimeout");
    expect(await harness.print(session, "x")).toBe("5");
  });

  it("interrupts the running cell, which keeps what it had done, and only that one", async () => {
    const { session } = await harness.started();
    session.interrupt();
    const step = await session.exec(harness.cell("x = 6\nllm_query('go on')\nwhile True: pass", { cellTimeoutMs: 60_000 }));
    const running = session.resume(harness.answer(step));
    session.interrupt();
    expect(await running).toMatchObject({ status: "finished", result: { error: { type: "KeyboardInterrupt" } } });
    expect(await harness.print(session, "x")).toBe("6");
  });

  it("interrupts a cell that waits for a host call when it goes on", async () => {
    const { session } = await harness.started();
    const step = await session.exec(harness.cell("a = llm_query('one')\nwhile True: pass"));
    session.interrupt();
    expect(await session.resume(harness.answer(step))).toMatchObject({ status: "finished", result: { error: { type: "KeyboardInterrupt" } } });
    expect(await harness.print(session, "1 + 1")).toBe("2");
  });

  it("refuses calls out of order, and works on", async () => {
    const { session } = await harness.started();
    await expect(session.resume({ outcomes: [], llmCallsUsed: 0 })).rejects.toThrow("needs a session that is suspended; it is idle");
    const step = await session.exec(harness.cell("a = llm_query('one')"));
    for (const call of [() => session.exec(harness.cell("x = 1")), () => session.snapshot(), () => session.fork()]) await expect(call()).rejects.toThrow("needs a session that is idle; it is suspended");
    await session.resume(harness.answer(step));
    expect(await harness.print(session, "a")).toBe("re: one");
  });

  it("is dead for good once disposed of, however often", async () => {
    const { session } = await harness.started();
    const step = harness.run(session, "while True: pass", { cellTimeoutMs: 60_000 });
    await Promise.all([session[Symbol.asyncDispose](), session[Symbol.asyncDispose](), expect(step).rejects.toMatchObject({ name: "SessionDiedError", reason: "killed" })]);
    expect(await session.exited).toContain("disposed of");
    await expect(harness.run(session, "x = 1")).rejects.toMatchObject({ name: "SessionDiedError" });
    await expect(session.fork()).rejects.toMatchObject({ name: "SessionDiedError" });
  });

  it("disposes of itself at the end of its scope", async () => {
    let kept: Session;
    {
      await using session = (await harness.started()).session;
      kept = session;
    }
    expect(await kept.exited).toContain("disposed of");
  });
});

/** The chain after a cell, in place. */
function extend(chain: Uint8Array[], { snapshot }: FinishedStep): Uint8Array[] {
  chain.length = snapshot.keptParts;
  chain.push(snapshot.bytes);
  return chain;
}
