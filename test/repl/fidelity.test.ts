import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answerTo, finished, journalEntry, SandboxFixture, suspended } from "./sandbox-fixture.js";
import { killed, memoryDigest, soak } from "./soak.js";

let fixture: SandboxFixture;
beforeAll(async () => {
  fixture = await SandboxFixture.open();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const script = (name: string): string => readFileSync(new URL(`fidelity/${name}.py`, import.meta.url), "utf8");

it("keeps all 52 kinds of state in an image that another process restores", async () => {
  const chain = await fixture.begin();
  expect((await chain.run(script("make-state"))).result.error).toBeNull();
  await killed(chain);
  // Each restore compares its memory with that of the process that was captured, by a SHA-256 (snapshot-format.md, `memory`); here also what two of them do from there.
  const [other, restored] = [await fixture.reopen(chain), await fixture.reopen(chain)];
  expect(await memoryDigest(other.session)).toBe(await memoryDigest(restored.session));
  const { result } = await restored.run(script("check-state"));
  expect(result.error).toBeNull();
  expect(JSON.parse(result.output.head)).toEqual({ checks: 52, failed: {} });
}, 120_000);

it("replays a killed cell to the same bit, in whatever process", async () => {
  const chain = await fixture.begin();
  await chain.run("import random, time, uuid, os\nticks = iter(range(100)); history = []");
  const code = "for i in range(3):\n    history.append((next(ticks), random.random(), str(uuid.uuid4()), time.time(), llm_query(f'q{i} {os.urandom(4).hex()}')))\norder = list({h[2] for h in history})";
  const first = await fixture.reopen(chain);
  const journal = [];
  let step = await first.execute(code);
  while (step.status === "suspended") {
    const outcome = answerTo(suspended(step));
    journal.push(journalEntry(step, outcome));
    step = await first.session.resume(outcome);
  }
  const told = await first.print("history, order");
  await killed(first);
  // Nothing is read after the last call: that would be fresh in each replay.
  const digests: string[] = [];
  for (let i = 0; i < 2; i++) {
    const again = await fixture.reopen(chain);
    const end = finished(await again.session.exec({ code, journal, budget: { turn: 1, maxIterations: 10, llmCallsUsed: 0, maxLlmCalls: 50, tokensLeft: null, usdLeft: null, msLeft: null }, cellTimeoutMs: 30_000 }));
    expect(end.divergedAtSeq).toBeNull();
    digests.push(await memoryDigest(again.session));
    expect(await again.print("history, order")).toBe(told);
  }
  expect(new Set(digests).size).toBe(1);
}, 120_000);

it("restores again and again without a bit lost (20 turns; test:full makes it 200)", async () => {
  const before = fixture.sessions.length;
  await soak(fixture, 20);
  expect(fixture.sessions.length - before).toBeGreaterThanOrEqual(5);
}, 300_000);
