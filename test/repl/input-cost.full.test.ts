import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cpuSecondsOf } from "../helpers/child-pids.js";
import { type Chain, SandboxFixture } from "./sandbox-fixture.js";
import { killed } from "./soak.js";

const INPUT_BYTES = 500_000_000;
const WARM_UP_TURNS = 20;
const TURNS = 100;

let fixture: SandboxFixture;
beforeAll(async () => {
  fixture = await SandboxFixture.open({ memoryLimitBytes: 3 * 2 ** 30 });
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** Letters and digits by chance: neither a page nor a group of pages becomes smaller by compression than half of it. */
function noise(): Buffer {
  const block = Buffer.from(randomBytes(500_000).toString("hex"));
  return Buffer.concat(Array.from({ length: INPUT_BYTES / block.length }, () => block));
}

const turn = (chain: Chain, i: number): ReturnType<Chain["run"]> =>
  chain.run(`rows = globals().get("rows", [])\nrows.extend({"id": i, "name": "user%d" % i, "v": i * 1.5} for i in range(200)); hits = ${i}`);

const cpuSeconds = ({ session }: Chain): number => cpuSecondsOf(session.pid);

it("works for a turn with 500 MB of input within 1.2 times of one without, stores nothing of the input, and has it whole after a restore", async () => {
  const content = noise();
  const inputs = [fixture.input("text", "text", content)];
  const chains = [await fixture.begin(), await fixture.begin(inputs)] as const;
  const storedBytes: [number, number] = [0, 0];
  let before: number[] = [];
  for (let i = 0; i < WARM_UP_TURNS + TURNS; i++) {
    if (i === WARM_UP_TURNS) before = chains.map(cpuSeconds);
    // Which turns take over earlier parts differs, so bytes are compared at the end.
    for (const [of, chain] of chains.entries()) storedBytes[of] = (storedBytes[of] ?? 0) + (await turn(chain, i)).snapshot.bytes.length;
  }
  // Processor time: what the machine does beside it counts little.
  const [without, with500MB] = chains.map((chain, i) => cpuSeconds(chain) - (before[i] ?? 0)) as [number, number];
  expect(with500MB / without, `${with500MB} and ${without} s`).toBeLessThan(1.2);
  expect(storedBytes[1] / storedBytes[0], `${storedBytes.join(" and ")} bytes`).toBeLessThan(1.2);

  await killed(chains[1]);
  const restored = await fixture.reopen(chains[1], inputs);
  expect(await restored.print("__import__('hashlib').sha256(text.encode()).hexdigest(), len(rows)")).toBe(`${createHash("sha256").update(content).digest("hex")} ${200 * (WARM_UP_TURNS + TURNS)}`);
}, 600_000);
