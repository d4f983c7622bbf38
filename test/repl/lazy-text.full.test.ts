import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, statSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { expect, it } from "vitest";
import type { SessionInput } from "../../src/repl/session.js";
import { SandboxFixture } from "./sandbox-fixture.js";

const LINES = 20_000_000;
const PART = 100_000;

/** 1.26 GB of lines; every 1,000th has characters of 3 and 4 bytes and a word that stands nowhere else. */
function* parts(): Generator<Buffer> {
  for (let first = 0; first < LINES; first += PART) {
    let text = "";
    for (let n = first; n < first + PART; n++) text += `2026-11-22T10:00:00Z line ${String(n).padStart(8, "0")} ${n % 1000 === 0 ? "失敗 needle 😀" : "request served in 12 ms"}\n`;
    yield Buffer.from(text);
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

it("works through 1.2 GB of text with 64 MB of memory, before and after a kill", async () => {
  await using fixture = await SandboxFixture.open();
  const path = join(fixture.directory, "text");
  await pipeline(Readable.from(parts()), createWriteStream(path));
  expect(statSync(path).size).toBeGreaterThan(1.1e9);
  const input: SessionInput = { name: "text", kind: "text", digest: await digestOf(path), path };
  const startedMs = performance.now();
  const chain = await fixture.begin([input], { lazyTextAboveBytes: 1e9 });
  const indexMs = performance.now() - startedMs;
  const first = await chain.run("print(type(text).__name__)", { cellTimeoutMs: 60_000 });
  expect(first.result.output.head).toBe("LazyText\n");
  const times: Record<string, number> = { "index, describe and capture": indexMs };
  const ask = async (on: typeof chain, what: string, expression: string): Promise<string> => {
    const { result, timings } = await on.run(`print(${expression})`, { cellTimeoutMs: 300_000 });
    expect(result.error).toBeNull();
    expect(timings.heapBytes - first.timings.heapBytes).toBeLessThan(64e6);
    times[what] = timings.cellMs;
    return result.output.head.trim();
  };
  expect(await ask(chain, "count", "text.count('needle')")).toBe("20000");
  expect(await ask(chain, "find from the far end", "text[text.rfind('needle') - 12 : text.rfind('needle') - 4]")).toBe("19999000");
  expect(await ask(chain, "200 slices", "sum(len(text[i * 5_000_000 : i * 5_000_000 + 1000]) for i in range(200))")).toBe("200000");
  expect(await ask(chain, "regular expression", "sum(1 for m in text.finditer(r'line (\\d+) 失敗'))")).toBe("20000");
  expect(await ask(chain, "lines", "sum(1 for line in text)")).toBe(String(LINES));
  process.kill(chain.session.pid, "SIGKILL");
  await chain.session.exited;
  const restoredMs = performance.now();
  const again = await fixture.reopen(chain, [input]);
  times["restore"] = performance.now() - restoredMs;
  const hashed = await again.run("import hashlib\nh = hashlib.sha256()\nfor line in text:\n    h.update((line + '\\n').encode())", { cellTimeoutMs: 300_000 });
  times["hash of all, by lines"] = hashed.timings.cellMs;
  expect(await ask(again, "hash", "h.hexdigest()")).toBe(input.digest);
  process.stdout.write(`${Object.entries(times).map(([what, ms]) => `${what}: ${Math.round(ms)} ms`).join("\n")}\n`);
});
