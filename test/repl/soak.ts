import { createHash } from "node:crypto";
import { expect } from "vitest";
import { PREAMBLE_BYTES, readPreamble } from "../../src/snapshot/part-header.js";
import type { Session } from "../../src/repl/session.js";
import type { Chain, SandboxFixture } from "./sandbox-fixture.js";

/** SHA-256 of all pages and files of a session: what an image aside holds behind its header and state, which has a clock in it. */
export async function memoryDigest(session: Session): Promise<string> {
  const { bytes } = await session.snapshot();
  const { headerBytes, contentBytes, stateBytes } = readPreamble(bytes);
  return createHash("sha256").update(bytes.subarray(PREAMBLE_BYTES + headerBytes + contentBytes + stateBytes)).digest("hex");
}

export async function killed(chain: Chain): Promise<void> {
  process.kill(chain.session.pid, "SIGKILL");
  await chain.session.exited;
}

/** So many turns over an input of its own, killed and restored after every 5th. Cells come in by frames only: nothing but the image has the state. */
export async function soak(fixture: SandboxFixture, turns: number): Promise<void> {
  const log = Array.from({ length: 40_000 }, (_, i) => `line ${i} of a log é\n`).join("");
  const inputs = [fixture.input("log", "text", log)];
  let chain = await fixture.begin(inputs);
  await chain.run("import hashlib, random\ndef ticks():\n    n = 0\n    while True:\n        n += 1\n        yield n\nT = ticks(); seen = []");
  for (let turn = 1; turn <= turns; turn++) {
    await chain.run(`seen.append((next(T), random.random()))\nopen(f"/tmp/f{len(seen) % 7}", "a").write(str(seen[-1]) + "\\n")`);
    if (turn % 5 !== 0) continue;
    const before = await chain.print("hashlib.sha256(repr((seen, random.getstate())).encode()).hexdigest()");
    await killed(chain);
    const ended = chain.session;
    chain = await fixture.reopen(chain, inputs);
    await ended[Symbol.asyncDispose]();
    expect(await chain.print("hashlib.sha256(repr((seen, random.getstate())).encode()).hexdigest()")).toBe(before);
  }
  expect(await chain.print("len(seen), next(T), seen[-1][0], sum(len(open(f'/tmp/f{i}').readlines()) for i in range(7))")).toBe(`${turns} ${turns + 1} ${turns} ${turns}`);
  expect(await chain.print("hashlib.sha256(log.encode()).hexdigest()")).toBe(createHash("sha256").update(log).digest("hex"));
}
