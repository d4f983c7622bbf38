import { expect, it } from "vitest";
import { MAX_MATCH_CHARS, REDACTED, TextRedactor } from "../../src/sources/text-redactor.js";

function redact(chunks: readonly string[], patterns: readonly RegExp[]): { text: string; found: number } {
  const redactor = new TextRedactor(patterns);
  const text = chunks.map((chunk) => redactor.push(chunk)).join("") + redactor.end();
  return { text, found: redactor.found };
}

/** Longer than what is held back. */
const filler = "x".repeat(MAX_MATCH_CHARS - 3);

it("finds a match wherever the text is cut, and gives the same as in one piece", () => {
  const text = `${filler}secret-12${filler}secret-34 😀${filler}secret-5`;
  const whole = `${filler}${REDACTED}${filler}${REDACTED} 😀${filler}${REDACTED}`;
  for (const size of [text.length, MAX_MATCH_CHARS, 999_983, 300_007]) {
    const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size));
    const { text: redacted, found } = redact(chunks, [/secret-\d+/gu]);
    expect(redacted === whole).toBe(true);
    expect(found).toBe(3);
  }
});

it("gives up a pattern that takes for ever, by its name", () => {
  expect(() => redact([`${"a".repeat(60)}b`], [/(a+)+$/gu])).toThrow(/The pattern to redact \/\(a\+\)\+\$\/gu takes for ever on a text of 61 characters\. Write it without/);
});

it("gives text out while it comes, instead of holding all of it", () => {
  const redactor = new TextRedactor([/never/gu]);
  let most = 0;
  let given = 0;
  for (let taken = 0; taken < 40; taken += 1) {
    given += redactor.push(filler).length;
    most = Math.max(most, (taken + 1) * filler.length - given);
  }
  expect(most).toBeLessThanOrEqual(3 * MAX_MATCH_CHARS);
  expect(given + redactor.end().length).toBe(40 * filler.length);
});

it("makes overlapping matches one, and looks at what was before", () => {
  expect(redact(["ab1234cd 99"], [/b12/gu, /2\d+c/gu])).toEqual({ text: `a${REDACTED}d 99`, found: 1 });
  const long = `id=${"1".repeat(10)}${filler}${filler}id=22`;
  expect(redact([long.slice(0, 3), long.slice(3)], [/(?<=id=)\d+/gu]).found).toBe(2);
  expect(redact([filler, filler, "\nstart"], [/^start/gu]).found).toBe(0);
});

it("keeps a match hidden that reaches behind what is given out", () => {
  const text = `${"a".repeat(MAX_MATCH_CHARS - 50)}<${"b".repeat(200)}>${"c".repeat(2 * MAX_MATCH_CHARS)}`;
  const { text: redacted, found } = redact([text.slice(0, 2 * MAX_MATCH_CHARS), text.slice(2 * MAX_MATCH_CHARS)], [/<b+>/gu, /b>c/gu]);
  expect(found).toBe(1);
  expect(redacted === `${"a".repeat(MAX_MATCH_CHARS - 50)}${REDACTED}${"c".repeat(2 * MAX_MATCH_CHARS - 1)}`).toBe(true);
});

it("refuses a match that is too long to be known whole", () => {
  expect(() => redact([filler, filler, filler], [/x+/gu])).toThrow("matches more than 1048576 characters at once");
});
