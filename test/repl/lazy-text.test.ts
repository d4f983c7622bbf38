import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SessionInput } from "../../src/repl/session.js";
import { type Chain, SandboxFixture } from "./sandbox-fixture.js";

const MB = 1_000_000;
const CHECKS = readFileSync(join(import.meta.dirname, "fixtures/lazy_text_checks.py"), "utf8");

describe("a LazyText", () => {
  let fixture: SandboxFixture;
  beforeAll(async () => {
    fixture = await SandboxFixture.open();
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  const failure = async (chain: Chain, code: string): Promise<string> => {
    const { error } = (await chain.run(code)).result;
    return error === null ? "no error" : `${error.type}: ${error.message}`;
  };

  it("does what str does, with characters, line ends and matches across the borders of windows", async () => {
    const unit = fc.constantFrom("a", "b", "aa", "ab", "\n", "\r", "\r\n", "é", "中", "😀", "\u2028", "\u0085", "\u001c", " ", "\u{10ffff}", "\u0000", "ß", "İ");
    const mixed = fc.array(unit, { minLength: 1, maxLength: 40 }).map((parts) => parts.join(""));
    const ascii = fc.array(fc.constantFrom("a", "b", "\n", "\r\n", " "), { minLength: 1, maxLength: 40 }).map((parts) => parts.join(""));
    const texts = [...fc.sample(mixed, { numRuns: 9, seed: 5 }), ...fc.sample(ascii, { numRuns: 3, seed: 5 }), "a", "😀", "\r", "\r\n"];
    const inputs = texts.map((text, index) => fixture.input(`t${index}`, "text", text));
    const chain = await fixture.begin([...inputs, fixture.input("texts", "json", JSON.stringify(texts))], { lazyTextAboveBytes: 0 });
    const { result } = await chain.run(CHECKS, { cellTimeoutMs: 110_000 });
    expect(result.error?.traceback.tail || result.error?.traceback.head || "").toBe("");
    expect(Number(result.output.head)).toBeGreaterThan(10_000);
  }, 120_000);

  it("is what a text becomes whose str would take more than the threshold, and nothing else", async () => {
    const inputs = [
      fixture.input("small", "text", "x".repeat(MB)),
      fixture.input("large", "text", "x".repeat(MB + 1)),
      // One emoji makes every character of a str take four bytes.
      fixture.input("wide", "text", `${"x".repeat(MB / 4)}😀`),
      // Two bytes each in UTF-8, one each in a str.
      fixture.input("latin", "text", "é".repeat(MB)),
      fixture.input("raw", "bytes", Buffer.alloc(2 * MB)),
    ];
    const session = await fixture.restore();
    const { variables } = await session.start({ config: { outputNames: ["answer"], maxOutputChars: 100, seed: "s", lazyTextAboveBytes: MB }, inputs });
    expect(variables.map(({ name, type, length }) => [name, type, length])).toEqual([["small", "str", MB], ["large", "LazyText", MB + 1], ["wide", "LazyText", MB / 4 + 1], ["latin", "str", MB], ["raw", "bytes", 2 * MB]]);
  });

  it("is what a text becomes that does not fit into the memory of the run", async () => {
    const session = await fixture.restore();
    const config = { outputNames: ["answer"], maxOutputChars: 100, seed: "s", memoryLimitBytes: 128 * 2 ** 20 };
    const { variables } = await session.start({ config, inputs: [fixture.input("a", "text", Buffer.alloc(40 * MB, "a")), fixture.input("b", "text", Buffer.alloc(41 * MB, "b"))] });
    expect(variables.map(({ type }) => type)).toEqual(["str", "LazyText"]);
  });

  it("refuses what needs the whole text, and says what to do instead", async () => {
    const chain = await fixture.begin([fixture.input("text", "text", `${"word ".repeat(2 * MB)}é`)], { lazyTextAboveBytes: MB });
    const refused: Record<string, RegExp> = {
      "str(text)": /^TextTooLarge: 10,000,001 characters of this text are 10,000,002 bytes; at most 4,194,304 bytes can become one str\. Work on parts: text\[a:b\], or line by line/,
      "f'{text}'": /^TextTooLarge: /,
      "text[1:9_000_000]": /^TextTooLarge: 8,999,999 characters/,
      "text.lower()": /^AttributeError: a LazyText has no lower\(\): it would need all 10,000,001 characters in memory\. Work on parts/,
      "text + 'x'": /^TypeError: a LazyText of 10,000,001 characters cannot be used in an expression like a str\. Work on parts/,
      "text.nonsense": /^AttributeError: a LazyText has no attribute 'nonsense'$/,
      "text.x = 1": /^AttributeError: a LazyText is read-only$/,
      "hash(text)": /^TypeError: .*unhashable/,
      "__import__('re').search('w', text)": /^TypeError: expected string or bytes-like object, got 'LazyText'$/,
      "llm_query(text)": /^TypeError: the prompt is a LazyText of 10,000,001 characters; give a part of it, text\[a:b\], that fits one call$/,
      "llm_query_batched([text])": /^TypeError: prompts\[0\] is a LazyText/,
      "llm_query_batched(text)": /^TypeError: llm_query_batched needs a list of prompts, got LazyText/,
      "SUBMIT(answer=text)": /LazyText, which JSON cannot hold: give a part of it: text\[a:b\]/,
      "text.splitlines()[0]": /^TextTooLarge: A piece of this text has more than 1,048,576 characters; .* Take it apart with/,
      "text.split(' ', 3)": /^ValueError: a LazyText is split without maxsplit only/,
      "list(text.finditer('(?s)w.*'))": /^TextTooLarge: A match at 0 has more than 1,048,576 characters; .* less greedy/,
    };
    for (const [code, message] of Object.entries(refused)) expect(await failure(chain, code), code).toMatch(message);
    expect((await chain.run("text")).result.value?.head).toMatch(/^<LazyText of 10,000,001 characters: 'word .* … .*é'>$/);
    expect(await chain.print("isinstance(text, str), bool(text), SHOW_VARS()['text']")).toBe("False True LazyText, 10,000,001 characters");
  });

  /** 20 MB of lines with characters of 1 to 4 bytes; every line can be told from its number. */
  const lineOf = (n: number): string => `line ${n} é 中 ${n % 97 === 0 ? "😀 needle" : "hay"}`;
  const largeText = (): Buffer => Buffer.from(Array.from({ length: 600_000 }, (_, n) => lineOf(n)).join("\n"));

  it("gives a session the same text after a restore in another process, whatever was done to it before", async () => {
    const content = largeText();
    const input: SessionInput = fixture.input("text", "text", content);
    const chain = await fixture.begin([input], { lazyTextAboveBytes: MB });
    const middle = Math.floor(content.toString().length / 3);
    await chain.run(`lines = text.splitlines()\nn = len(lines)\nhere = text[${middle}:${middle}+1000]\nmatches = text.finditer('needle')\nfirst = next(matches)`);
    await chain.session[Symbol.asyncDispose]();
    const restored = await fixture.reopen(chain, [input]);
    const code = `
import hashlib
h = hashlib.sha256()
for a in range(0, len(text), 1_000_000):
    h.update(text[a:a+1_000_000].encode())
print(h.hexdigest(), here == text[${middle}:${middle}+1000], n, lines[n - 1], lines[300_000], next(matches).start() > first.start(), text.count('needle'))`;
    const { result } = await restored.run(code);
    expect(result.error).toBeNull();
    const digest = input.digest;
    expect(result.output.head.trim()).toBe(`${digest} True 600000 ${lineOf(599_999)} ${lineOf(300_000)} True ${Math.ceil(600_000 / 97)}`);
  });

  it("lets memory grow by less than 64 MB over all operations, and snapshots by nothing of the text", async () => {
    const chain = await fixture.begin([fixture.input("text", "text", largeText())], { lazyTextAboveBytes: MB });
    const before = (await chain.run("pass")).timings.heapBytes;
    const code = `
lines = text.splitlines()
facts = [len(text), text.count('needle'), text.find('line 599999'), text.rfind('line 0 '), 'absent' in text, len(lines), lines[500_000], len(text.split()), len(text.split('\\n'))]
facts += [sum(1 for line in text), sum(1 for m in text.finditer(r'(?m)^line (\\d+) .*needle$')), len(text.findall('😀')), len(text[::1000]), text[::-1000][:3], text == 'x' * 9, text.endswith('hay')]
biggest = len(text[:3_400_000])
`;
    const step = await chain.run(code, { cellTimeoutMs: 60_000 });
    expect(step.result.error).toBeNull();
    expect(step.timings.heapBytes - before).toBeLessThan(64 * MB);
    expect(step.snapshot.bytes.length).toBeLessThan(4 * MB);
    expect(await chain.print("facts[1], facts[5], facts[6], facts[9], facts[10], facts[11], facts[15], biggest")).toBe(`6186 600000 ${lineOf(500_000)} 600000 6186 6186 True 3400000`);
  });
});
