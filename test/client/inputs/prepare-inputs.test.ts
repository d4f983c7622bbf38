import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseInputArgument } from "../../../src/client/inputs/input-source.js";
import { prepareInputs } from "../../../src/client/inputs/prepare-inputs.js";
import { parseSignature } from "../../../src/signature/parse-signature.js";
import { Redaction } from "../../../src/sources/redaction.js";
import { LocalBlobStore } from "../../../src/store/local-blob-store.js";

let directory: string;
let store: LocalBlobStore;
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "rlm-inputs-"));
  store = await LocalBlobStore.open(path.join(directory, "store"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const target = path.join(directory, name);
  await writeFile(target, content);
  return target;
}

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function prepare(signature: string, args: readonly string[], stdin = chunks(), redact: readonly string[] = []) {
  const { inputs, warnings } = await prepareInputs({ store, signature: parseSignature(signature), given: args.map(parseInputArgument), redaction: Redaction.of(redact), stdin });
  const values = await Promise.all(inputs.map(async ({ name, kind, ref }) => [name, kind, Buffer.from(await store.get(ref.digest)).toString("utf8")]));
  return { values, warnings, inputs };
}

describe("inputs on the command line", () => {
  it("takes text, files, stdin and JSON side by side, in the signature's order", async () => {
    const logs = await file("a.log", "one\ntwo\n");
    const { values } = await prepare("logs, question, n: int, tags: list[str] -> answer", ["tags:=[\"x\"]", "n=5", "question=@-", `logs=@${logs}`], chunks("wh", "y?"));
    expect(values).toEqual([["logs", "text", "one\ntwo\n"], ["question", "text", "why?"], ["n", "json", "5"], ["tags", "json", "[\"x\"]"]]);
  });

  it("keeps every character of a value, newlines and further equals signs included", async () => {
    expect((await prepare("q -> a", ["q=a=b:=c\n\"x\" @y"])).values).toEqual([["q", "text", "a=b:=c\n\"x\" @y"]]);
  });

  it("keeps integers exact", async () => {
    expect((await prepare("n: int, m -> a", ["n=123456789012345678901234567890", "m:={\"k\":98765432109876543210}"])).values).toEqual([
      ["n", "json", "123456789012345678901234567890"], ["m", "json", "{\"k\":98765432109876543210}"],
    ]);
  });

  it("opens .gz files, and leaves them closed as bytes", async () => {
    const packed = gzipSync("unpacked");
    const gz = await file("b.log.gz", packed);
    expect((await prepare("q -> a", [`q=@${gz}`])).values).toEqual([["q", "text", "unpacked"]]);
    const { inputs } = await prepare("q -> a", [`q=@b:${gz}`]);
    expect(inputs[0]).toMatchObject({ kind: "bytes", ref: { bytes: packed.byteLength } });
  });

  it("says how many byte sequences are not UTF-8, across chunk borders too", async () => {
    const broken = await file("bad.log", Buffer.concat([Buffer.from("ä\uFFFD".repeat(400_000)), Buffer.from([0xff, 0x41, 0xe2, 0x82])]));
    const { warnings } = await prepare("q -> a", [`q=@${broken}`]);
    expect(warnings).toEqual([`Input \`q\` is not all UTF-8: 2 faulty byte sequences become U+FFFD. Use q=@b:FILE for bytes.`]);
  });

  it("refuses a damaged .gz file", async () => {
    const gz = await file("c.gz", gzipSync("x".repeat(1000)).subarray(0, 20));
    await expect(prepare("q -> a", [`q=@${gz}`])).rejects.toThrow(/c\.gz cannot be read to its end/);
  });

  it.each([
    ["q -> a", ["n=1"], /Input `n` is not declared.*\nInput `q` is missing/],
    ["q -> a", ["q=1", "q=2"], /`q` is given twice/],
    ["q -> a", ["q=@/nowhere/x.log"], /\/nowhere\/x\.log: there is no such file/],
    ["q -> a", ["q=@/nowhere/*.log"], /no such file/],
    ["n: int -> a", ["n=five"], /n: expected int, got "?'?five/],
    ["n: int -> a", ["n:={bad"], /not valid JSON/],
    ["n: int | str -> a", ["n=5"], /can be read in two ways/],
    ["b: bytes -> a", ["b=abc"], /b=@b:FILE/],
    ["q, r -> a", ["q=@-", "r=@-"], /Only one input can be read from stdin; `q` and `r`/],
  ])("refuses %s with %j", async (signature, args, message) => {
    await expect(prepare(signature, args)).rejects.toThrow(message);
  });

  it.each(["justtext", "=x", ""])("refuses the argument %j", (argument) => {
    expect(() => parseInputArgument(argument)).toThrow(/is not an input\. Write NAME=TEXT/);
  });

  it("reads booleans, None and literals in the words people use", async () => {
    const { values } = await prepare("b: bool, l: Literal['low','high'], o: str | None -> a", ["b=true", "l=low", "o=text"]);
    expect(values).toEqual([["b", "json", "true"], ["l", "text", "low"], ["o", "text", "text"]]);
  });
});
