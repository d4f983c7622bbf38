import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { privateBytesOf } from "../../src/repl/process-memory.js";
import { answerTo, finished, SandboxFixture, suspended, promptOf } from "./sandbox-fixture.js";

describe("a sandbox session", () => {
  let fixture: SandboxFixture;
  beforeAll(async () => {
    fixture = await SandboxFixture.open();
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  it("begins with its inputs, runs cells and reports what they did", async () => {
    const session = await fixture.restore();
    const inputs = [fixture.input("text", "text", "hello"), fixture.input("data", "json", '{"n": 123456789012345678901234567890}'), fixture.input("raw", "bytes", new Uint8Array([0, 255]))];
    const { variables, snapshot, timings } = await session.start({ config: { outputNames: ["answer"], maxOutputChars: 100, seed: "s" }, inputs });
    expect(variables.map(({ name, type, length }) => [name, type, length])).toEqual([["text", "str", 5], ["data", expect.stringContaining("dict"), 1], ["raw", "bytes", 2]]);
    expect(snapshot.keptParts).toBe(1);
    expect(timings.heapBytes).toBeGreaterThan(2 ** 20);
    const step = finished(await session.exec({ code: "print(text, data['n'] + 1, raw)\n1/0", budget: { turn: 1, maxIterations: 3, llmCallsUsed: 0, maxLlmCalls: 5, tokensLeft: null, usdLeft: null, msLeft: null }, journal: [], cellTimeoutMs: 5000 }));
    expect(step.result.output.head).toBe("hello 123456789012345678901234567891 b'\\x00\\xff'\n");
    expect(step.result.error).toMatchObject({ type: "ZeroDivisionError" });
    expect(step.result.error?.traceback.head).not.toContain("_rlm");
  });

  it("suspends at a host call and goes on with its outcome", async () => {
    const chain = await fixture.begin();
    const first = suspended(await chain.execute("a = llm_query('one')\nb = llm_query_batched(['two', 'three'])\nprint(a, b)\nSUBMIT(answer=a)"));
    expect(first).toMatchObject({ seq: 0, divergedAtSeq: null, request: { calls: [{ kind: "llm", prompt: "one", model: null }] } });
    const second = suspended(await chain.resume(answerTo(first)));
    expect(second.seq).toBe(1);
    expect(second.request.calls.map(promptOf)).toEqual(["two", "three"]);
    const { result } = finished(await chain.resume(answerTo(second, 3)));
    expect(result.output.head).toBe("re: one ['re: two', 're: three']\n");
    expect(JSON.parse(result.submit?.json ?? "null")).toEqual({ answer: "re: one" });
  });

  it("gives equal random numbers to sessions of equal seed", async () => {
    const [a, b] = [await fixture.begin(), await fixture.begin()];
    expect(await a.print("__import__('random').random()")).toBe(await b.print("__import__('random').random()"));
  });

  it("is small: a turn that makes 100 KB of objects and drops as much changes few pages, and the process keeps little beside the heap", async () => {
    const chain = await fixture.begin();
    const turn = "rows = globals().get('rows', []); rows.extend({'id': i, 'name': 'user%d' % i, 'v': i * 1.5} for i in range(200)); joined = '|'.join(str(i / 7) for i in range(500))";
    await chain.run(turn);
    const { snapshot, timings } = await chain.run(turn);
    expect(snapshot.bytes.length).toBeLessThan(600_000);
    // Its objects lie side by side: in the holes between those of the image they would change more than 450 pages.
    expect(timings.dirtyPages).toBeLessThan(300);
    // What the boot has left to the allocator goes back to the system. Not told on macOS.
    const ownBytes = (await privateBytesOf(chain.session.pid)) ?? 0;
    expect(ownBytes - timings.heapBytes).toBeLessThan(115e6);
  });
});
