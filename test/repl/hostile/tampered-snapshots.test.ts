import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveDenoBinary } from "../../../src/repl/deno-binary.js";
import { Chain, SandboxFixture } from "../sandbox-fixture.js";

const QUOTA_BYTES = 4 * 2 ** 20;

/** Snapshots as a hostile sandbox could have written them: the store's digests are right, their content is not. */
describe("a snapshot that was tampered with", () => {
  let fixture: SandboxFixture;
  let ways: string;
  beforeAll(async () => {
    fixture = await SandboxFixture.open({ fileQuotaBytes: QUOTA_BYTES });
    const chain = await fixture.begin();
    await chain.run("open('/tmp/kept', 'w').write('a file'); kept = 7");
    const part = join(fixture.directory, "part");
    writeFileSync(part, (await chain.session.snapshot()).bytes);
    ways = join(fixture.directory, "ways");
    mkdirSync(ways);
    const secret = join(fixture.directory, "secret");
    writeFileSync(secret, "the host's secret");
    const script = fileURLToPath(new URL("../fixtures/tamper-part.js", import.meta.url));
    execFileSync(resolveDenoBinary(), ["run", "-A", "--no-config", script, part, ways, secret, `../../../..${secret}`, "/proc/self/environ"], { stdio: "inherit" });
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  const restored = (way: string): ReturnType<SandboxFixture["restore"]> => fixture.restore([readFileSync(join(ways, way.replaceAll("/", "_")))]);

  it.each<[string, RegExp]>([
    ["cut in the middle", /is cut short at byte \d+/],
    ["a page group that unpacks to 512 MB", /page group 0 of snapshot part \w+ unpacks to more than the 262144 bytes/],
    ["a file that unpacks to 600 MB", /file \w+ of snapshot part \w+ unpacks to more than the 541065216 bytes/],
    ["a state that unpacks to 400 MB", /A table of snapshot part \w+ is damaged/],
    ["a table that unpacks to 400 MB", /A table of snapshot part \w+ is damaged/],
    ["pages without end", /blanks 1125899906842624 pages/],
    ["pages beyond memory", /stores page 2147483648 out of order or beyond/],
    ["fewer groups than pages", /has \d+ page groups where its \d+ pages need/],
    ["one bit of one page", /memory restored from the snapshot has the digest \w{64}, the memory that was captured had \w{64}/],
    ["a heap of a petabyte", /header lacks a field/],
    ["a path that climbs out", /a file by the name "\/tmp\/\.\.\/\.\.\/\.\.\/etc\/passwd", which no session can have/],
    ["a relative path", /a file by the name "etc\/passwd"/],
    ["a path with empty segments", /a file by the name "\/\/etc\/\/passwd"/],
    ["a path with a zero byte", /a file by the name "\/tmp\/a\\u0000b"/],
    ["a path into /dev", /a file by the name "\/dev\/fd\/0"/],
    ["a working directory outside", /working directory is not an absolute path/],
    ["a descriptor a billion", /has a descriptor 1000000000; they go from 0 to 4095/],
    ["JavaScript's own constructor", /refers to \["constructor"[^\]]*\], which this program does not have/],
  ])("is refused by name: %s", async (way, message) => {
    const rssBefore = process.memoryUsage().rss;
    await expect(restored(way)).rejects.toMatchObject({ name: expect.stringMatching(/^(SessionDied|SnapshotFormat)Error$/), message: expect.stringMatching(message) });
    expect(process.memoryUsage().rss - rssBefore).toBeLessThan(128 * 2 ** 20);
    expect(readdirSync(join(fixture.directory, "sessions")).filter((name) => name.startsWith("session-")).length).toBe(1);
  });

  it("is restored when nothing was changed: the tampering is what is refused", async () => {
    const chain = new Chain(await restored("untouched"), []);
    expect(await chain.print("kept, open('/tmp/kept').read()")).toBe("7 a file");
  });

  it("may hold links to wherever: they lead nowhere but into the sandbox's own files", async () => {
    const chain = new Chain(await restored("links out of the sandbox"), []);
    const read = "def reading(i):\n  try: return open(f'/tmp/link{i}').read()\n  except OSError as error: return type(error).__name__\nimport os";
    await chain.run(read);
    expect(await chain.print("[(len(os.readlink(f'/tmp/link{i}')) > 9, reading(i)) for i in range(3)]")).toBe("[(True, 'FileNotFoundError'), (True, 'FileNotFoundError'), (True, 'FileNotFoundError')]");
  });
});

describe("a chain of another run's parts", () => {
  it("is refused, as the parts do not build on one another", async () => {
    await using fixture = await SandboxFixture.open();
    const [mine, other] = [await fixture.begin(), await fixture.begin()];
    for (const chain of [mine, other]) await chain.run(`mark = ${chain === mine ? 1 : 2}`);
    const swapped = [...mine.parts.slice(0, -1), other.parts.at(-1) ?? new Uint8Array()];
    await expect(fixture.restore(swapped)).rejects.toMatchObject({ name: "SnapshotFormatError", message: expect.stringMatching(/^Part 2 of the snapshot chain continues \w+, but \w+ comes before it/) });
  });
});
