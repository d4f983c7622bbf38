import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerTo, finished, journalEntry, SandboxFixture, suspended, promptOf } from "./sandbox-fixture.js";
import type { JournalEntry } from "../../src/repl/session.js";

describe("a session restored in another process", () => {
  let fixture: SandboxFixture;
  beforeAll(async () => {
    fixture = await SandboxFixture.open();
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  it("keeps what only a memory image can keep", async () => {
    const chain = await fixture.begin();
    await chain.run(`
import os, re, sys
def counter():
    for i in range(10):
        yield i * i
squares = counter(); next(squares); next(squares)
words = re.finditer(r"\\w+", "alpha beta gamma"); next(words)
file = open("/tmp/notes", "w+"); file.write("hello world"); file.flush(); file.seek(6)
twin = os.dup(file.fileno())
gone = open("/tmp/gone", "w+"); gone.write("still here"); gone.seek(0); os.unlink("/tmp/gone")
read_end, write_end = os.pipe(); os.write(write_end, b"in the pipe")
os.mkdir("/tmp/work"); os.chdir("/tmp/work"); os.umask(0o027)
sys.path.append("/tmp/work")
inode = os.stat("/tmp/notes").st_ino
out_twin = os.dup(1)
shared = []; pair = (shared, shared)
`);
    process.kill(chain.session.pid, "SIGKILL");
    expect(await chain.session.exited).toContain("SIGKILL");

    const restored = await fixture.reopen(chain);
    expect(await restored.print("next(squares), next(squares)")).toBe("4 9");
    expect(await restored.print("next(words).group()")).toBe("beta");
    expect(await restored.print("os.lseek(twin, 0, 1), file.read()")).toBe("6 world");
    expect(await restored.print("os.lseek(twin, 0, 1)")).toBe("11");
    expect(await restored.print("gone.read(), os.path.exists('/tmp/gone')")).toBe("still here False");
    expect(await restored.print("os.read(read_end, 100)")).toBe("b'in the pipe'");
    expect(await restored.print("os.getcwd(), oct(os.umask(0)), sys.path[-1], os.stat('/tmp/notes').st_ino == inode")).toBe("/tmp/work 0o27 /tmp/work True");
    expect(await restored.print("pair[0] is pair[1], os.write(out_twin, b'')")).toBe("True 0");
  });

  it("keeps a long chain short and whole, and its monotonic clock", async () => {
    let chain = await fixture.begin();
    await chain.run("import time; started = time.monotonic(); log = []");
    let longest = 0;
    for (let turn = 0; turn < 24; turn++) {
      await chain.run(`log.append(bytes([${turn}]) * 100_000)`);
      longest = Math.max(longest, chain.parts.length);
      if (turn % 10 === 5) chain = await fixture.reopen(chain);
    }
    expect(longest).toBeLessThanOrEqual(7);
    chain = await fixture.reopen(chain);
    expect(await chain.print("[(len(b), b[0], b[-1]) for b in log] == [(100_000, i, i) for i in range(24)], time.monotonic() >= started")).toBe("True True");
    const { snapshot } = await chain.run("log.append(b'x')");
    expect(snapshot.keptParts).toBeGreaterThan(0);
    expect(snapshot.bytes.length).toBeLessThan(2 * 2 ** 20);
    expect(await (await fixture.reopen(chain)).print("len(log)")).toBe("25");
  });

  it("refills large inputs from their files, whatever cells did with the names", async () => {
    const ascii = Array.from({ length: 60_000 }, (_, i) => `line ${i} of a plain log\n`).join("");
    const wide = "日本語のログ é 😀 ".repeat(50_000);
    const latin = "café crème ".repeat(50_000);
    // Nothing makes this smaller: wherever it were stored, it would show.
    const noise = randomBytes(8 * 2 ** 20);
    const inputs = [fixture.input("ascii", "text", ascii), fixture.input("wide", "text", wide), fixture.input("latin", "text", latin), fixture.input("raw", "bytes", noise)];
    const chain = await fixture.begin(inputs);
    expect(chain.parts[1]?.length).toBeLessThan(2 ** 20);
    await chain.run("import hashlib\nkept = ascii\nascii += 'more'\ncopies = [wide.encode(), latin.upper()]\ndel copies\ncompile('x', wide[:0] or 'f', 'exec')");
    const digests = "[hashlib.sha256(t if isinstance(t, bytes) else t.encode()).hexdigest() for t in (kept, wide, latin, raw)]";
    const { snapshot } = await chain.run("len(wide.encode())");
    expect(snapshot.bytes.length).toBeLessThan(2 ** 20);

    const restored = await fixture.reopen(chain, inputs);
    const expected = [ascii, wide, latin, noise].map((text) => createHash("sha256").update(text).digest("hex"));
    expect(JSON.parse((await restored.print(digests)).replaceAll("'", '"'))).toEqual(expected);
    expect(await restored.print("ascii[-6:], len(ascii) - len(kept), len([bytearray(10**6) for _ in range(30)])")).toBe("log\nmo 4 30".replace("log\nmo", "g\nmore"));
  });

  it("replays a cell killed in the middle from its journal, without asking again", async () => {
    const code = `
import os, random, time, uuid
token = uuid.uuid4().hex + os.urandom(3000).hex()[:8] + open("/dev/urandom", "rb").read(4).hex()
answers = []
for i in range(4):
    answers.append(llm_query(f"{i} {token} {time.time()} {time.perf_counter()} {random.random()}"))
print(token, answers)
`;
    const chain = await fixture.begin();
    const journal: JournalEntry[] = [];
    let step = suspended(await chain.execute(code));
    for (let i = 0; i < 2; i++) {
      const outcome = answerTo(step);
      journal.push(journalEntry(step, outcome));
      step = suspended(await chain.resume(outcome));
    }
    process.kill(chain.session.pid, "SIGKILL");
    await chain.session.exited;

    const again = await fixture.reopen(chain);
    const third = suspended(await again.execute(code, { journal }));
    expect(third).toMatchObject({ seq: 2, divergedAtSeq: null });
    expect(promptOf(third.request.calls[0]).split(" ").slice(0, 2)).toEqual(promptOf(step.request.calls[0]).split(" ").slice(0, 2));
    const fourth = suspended(await again.resume(answerTo(third)));
    const { result, divergedAtSeq } = finished(await again.resume(answerTo(fourth)));
    expect(divergedAtSeq).toBeNull();
    for (const { request } of [third, fourth]) expect(result.output.head).toContain(`re: ${promptOf(request.calls[0])}`);
    for (const { outcome } of journal) expect(result.output.head).toContain("outcomes" in outcome && "text" in outcome.outcomes[0]! ? outcome.outcomes[0].text : "-");
  });

  it("says where a replay differs from its journal, and goes on with new calls", async () => {
    const chain = await fixture.begin();
    const first = suspended(await chain.execute("llm_query('a'); llm_query('b')"));
    const entry = journalEntry(first, answerTo(first));
    const other = await fixture.reopen(chain);
    const step = suspended(await other.execute("llm_query('a'); llm_query('c'); llm_query('d')", { journal: [entry, entry, entry] }));
    expect(step).toMatchObject({ seq: 1, divergedAtSeq: 1, request: { calls: [{ prompt: "c" }] } });
    expect(suspended(await other.resume(answerTo(step))).seq).toBe(2);

    const shorter = await fixture.reopen(chain);
    expect(finished(await shorter.execute("llm_query('a')", { journal: [entry, entry] })).divergedAtSeq).toBe(1);
  });

  it("refuses a part of another build, a gap in the chain, and bytes that are no part, by name", async () => {
    const [base, turn0] = (await fixture.begin()).parts as [Uint8Array, Uint8Array];
    const text = Buffer.from(base).toString("latin1");
    const foreign = Buffer.from(text.replace(fixture.factory.buildId, "314.0.7.00000000"), "latin1");
    await expect(fixture.restore([foreign])).rejects.toThrow(`The snapshot was made by sandbox build 314.0.7.00000000; this worker runs ${fixture.factory.buildId}.`);
    await expect(fixture.restore([turn0])).rejects.toThrow("Give the parts oldest first and without gaps.");
    await expect(fixture.restore([Buffer.from("garbage")])).rejects.toThrow("These 7 bytes are not a snapshot part.");
    await expect(fixture.restore([])).rejects.toThrow("No snapshot part was given.");
  });
});
