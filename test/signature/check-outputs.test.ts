import { describe, expect, it } from "vitest";
import type { Signature, TypeSpec } from "../../src/core/signature.js";
import { checkOutputs } from "../../src/signature/check-outputs.js";
import { checkReply } from "../../src/signature/check-reply.js";
import { parseSignature } from "../../src/signature/parse-signature.js";

const check = (outputs: string, json: string) => checkOutputs(parseSignature(`q -> ${outputs}`), json);

/** The value of the single output `a`, or its faults. */
function checkOne(type: string, json: string): unknown {
  const result = check(`a: ${type}`, `{"a":${json}}`);
  return result.ok ? result.value["a"] : result.faults;
}

describe("a submitted value", () => {
  it.each<[string, string, unknown]>([
    ["int", "42", 42], ["int", '" -042 "', -42], ["int", "7.0", 7], ["int", '"7.0"', 7], ["int", "1e3", 1000], ["int", '"-0"', 0],
    ["float", "3", 3], ["float", '"2.5e3"', 2500], ["float", '".5"', 0.5], ["float", "0.1", 0.1],
    ["bool", '"true"', true], ["bool", '"False"', false], ["bool", '" YES "', true], ["bool", "0", false], ["bool | int", "1", 1], ["bool | str", '"yes"', "yes"],
    ["str", "42", "42"], ["str", "123456789012345678901234567890", "123456789012345678901234567890"], ["str", "2.50", "2.50"],
    ["list[int]", '"[1,\\"2\\"]"', [1, 2]], ["dict", '"{\\"a\\":1}"', { a: 1 }], ["{ n: int }", '" {\\"n\\": \\"1\\"}"', { n: 1 }],
    ["tuple[int, str]", '[1,"x"]', [1, "x"]], ["tuple[int, str]", `"(1, 'x')"`, [1, "x"]], ["list", '"```json\\n[1]\\n```"', [1]],
    ["list", String.raw`"['it\\'s', \"d\", None, True, -1.5, (2,), {'k': []}, '\\xe9\\n',]"`, ["it's", "d", null, true, -1.5, [2], { k: [] }, "é\n"]],
    ["dict[str, bool]", `"{'a': True, 'b': False}"`, { a: true, b: false }],
    ["Literal['yes','no']", '"yes"', "yes"], ["Literal['Yes','No']", '" yes "', "Yes"], ["Literal[1, 2]", '"2"', 2], ["Literal[True]", '"true"', true],
    ["int | None", "null", null], ["int | None", '"5"', 5], ["int | str", '"5"', "5"], ["str | float", "5", 5], ["float | int", "5", 5], ["list[int] | str", '"[1]"', "[1]"],
    ["date", '"2024-02-29"', "2024-02-29"], ["datetime", '"2024-02-29T23:59:01.5+02:00"', "2024-02-29T23:59:01.5+02:00"], ["datetime", '"2024-02-29"', "2024-02-29T00:00:00"],
    ["bytes", '"aGk="', "aGk="], ["any", '{"x":[null,true,1.5]}', { x: [null, true, 1.5] }], ["None", "null", null],
    ["int | None", '"None"', null], ["str | None", '"None"', "None"], ["date", '"2024-02-29T00:00:00"', "2024-02-29"],
  ])("of type %s given as %s is taken", (type, json, value) => {
    expect(checkOne(type, json)).toEqual(value);
  });

  it.each<[string, string, string]>([
    ["int", '"abc"', "a: expected int, got 'abc' (str)"],
    ["int", '"1,000"', "a: expected int, got '1,000' (str)"],
    ["int", "7.5", "a: expected int, got 7.5 (float)"],
    ["int", "true", "a: expected int, got True (bool)"],
    ["bool", "2", "a: expected bool, got 2 (int)"],
    ["bool", '"maybe"', "a: expected bool, got 'maybe' (str)"],
    ["str", "null", "a: expected str, got None (None)"],
    ["str", '["x"]', "a: expected str, got ['x'] (list)"],
    ["float", "NaN", "a: expected float, got nan (float)"],
    ["float", "-Infinity", "a: expected float, got -inf (float)"],
    ["float", "1e999", "a: expected float, got inf (float)"],
    ["any", '{"k":[1,NaN]}', "a.k[1]: expected float, got nan (float)"],
    ["str", "NaN", "a: expected str, got nan (float)"],
    ["Literal['yes','no']", '"maybe"', "a: expected Literal['yes', 'no'], got 'maybe' (str)"],
    ["Literal['a','A']", '" a "', "a: expected Literal['a', 'A'], got ' a ' (str)"],
    ["date", '"2023-02-29"', "a: expected date (like '2026-01-31'), got '2023-02-29' (str)"],
    ["date", '"2024-02-29T10:00:00"', "a: expected date (like '2026-01-31'), got '2024-02-29T10:00:00' (str)"],
    ["list[str]", `"['a', b]"`, "a: expected list[str], got '[\\'a\\', b]' (str)"],
    ["datetime", '"2023-02-28T25:00"', "a: expected datetime (like '2026-01-31T12:00:00'), got '2023-02-28T25:00' (str)"],
    ["bytes", '"a"', "a: expected bytes (as Base64 text), got 'a' (str)"],
    ["list[int]", '"not a list"', "a: expected list[int], got 'not a list' (str)"],
    ["tuple[int, int]", "[1]", "a: expected tuple[int, int], got [1] (list)"],
    ["int | None", '"x"', "a: expected int | None, got 'x' (str)"],
    ["list[{ n: int }] | None", '[{"n":"x"}]', "a[0].n: expected int, got 'x' (str)"],
    ["dict[str, int]", '{"x y":"z"}', "a['x y']: expected int, got 'z' (str)"],
  ])("of type %s given as %s is refused with its path, type and value", (type, json, fault) => {
    expect(checkOne(type, json)).toEqual([fault]);
  });

  it("keeps integers exact at any size, and floats as they were written", () => {
    const json = '{"n":123456789012345678901234567890,"deep":{"x":[-9007199254740993,1e+16,2.0]}}';
    expect(check("n: int, deep: dict", json)).toEqual({
      ok: true, json, value: { n: 123456789012345678901234567890n, deep: { x: [-9007199254740993n, 1e16, 2] } },
    });
    expect(checkOne("int", '"123456789012345678901234567890"')).toBe(123456789012345678901234567890n);
    expect(checkOne("int", "1e+22")).toBe(10000000000000000000000n);
    expect(check("f: float", '{"f":3}')).toMatchObject({ json: '{"f":3.0}' });
  });

  it("may hold keys that JavaScript finds special", () => {
    const json = '{"a":{"__proto__":1,"constructor":2,"toString":null}}';
    const result = check("a: dict", json);
    expect(result).toMatchObject({ ok: true, json });
    expect(Object.keys(result.ok ? (result.value["a"] as object) : {})).toEqual(["__proto__", "constructor", "toString"]);
  });

  it("is shown shortened in a fault", () => {
    expect(checkOne("int", JSON.stringify("x".repeat(10_000)))).toEqual([`a: expected int, got '${"x".repeat(59)}… (str)`]);
    expect(checkOne("int", JSON.stringify(Array.from({ length: 100_000 }, (_unused, i) => i)))).toEqual(["a: expected int, got [0, 1, 2, 3, …] (list)"]);
  });
});

describe("submitted outputs", () => {
  it("are refused with all faults at once, each naming its field", () => {
    expect(check("n: int, tags: list[{ name: str, score?: float }], level: 'low' | 'high', note?: str", '{"n":"x","tags":[{"name":"a","score":1},{"score":"?","extra":1}],"levl":"low"}')).toEqual({
      ok: false,
      faults: [
        "n: expected int, got 'x' (str)",
        "tags[1].name: is missing; expected str",
        "tags[1].score: expected float, got '?' (str)",
        "tags[1].extra: is not a declared name; declared: name, score",
        "level: is missing; expected Literal['low', 'high']",
        "levl: is not a declared name; declared: n, tags, level, note",
      ],
    });
  });

  it("may leave optional fields out or give None for them", () => {
    expect(check("n: int, note?: str", '{"n":1}')).toMatchObject({ ok: true, value: { n: 1 } });
    expect(check("n: int, note?: str", '{"note":null,"n":1}')).toEqual({ ok: true, value: { n: 1 }, json: '{"n":1}' });
    expect(check("n?: int | None", '{"n":null}')).toMatchObject({ ok: true, json: '{"n":null}' });
  });

  it("name at most twenty faults and count the rest", () => {
    const result = check("a: list[int]", JSON.stringify({ a: Array.from({ length: 1000 }, () => "x") }));
    expect(result.ok ? [] : [result.faults.length, result.faults[20]]).toEqual([21, "… and 980 more"]);
  });

  it("that are no object, no JSON, or too deep are refused without an exception", () => {
    expect(check("a", "[1]")).toEqual({ ok: false, faults: ["outputs: expected one object with the keys a, got [1] (list)"] });
    expect(check("a", "{")).toMatchObject({ ok: false, faults: [expect.stringContaining("not valid JSON")] });
    expect(check("a: any", `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`)).toEqual({ ok: false, faults: ["outputs: nested too deep; submit a flatter value"] });
  });

  it("with NaN beside texts that contain the word, quotes and backslashes keep the texts", () => {
    expect(check("a, b: float", String.raw`{"a":"NaN \"Infinity\" \\","b":NaN}`)).toEqual({ ok: false, faults: ["b: expected float, got nan (float)"] });
    expect(check("a", String.raw`{"a":"NaN \"Infinity\" \\"}`)).toMatchObject({ value: { a: String.raw`NaN "Infinity" \ `.trimEnd() } });
  });

  it("of many megabytes are checked in one go", () => {
    const text = `Infinity "${"\\".repeat(5)}`.repeat(500_000);
    expect(check("a", JSON.stringify({ a: text }))).toMatchObject({ ok: true, value: { a: text } });
  });
});

it.each([
  ["int", "0".repeat(300_000) + "x"], ["float", "1".repeat(300_000) + "x"], ["list[int]", `\`\`\`${"\n".repeat(300_000)}`], ["dict", `\`\`\`${" \n".repeat(300_000)}{`], ["int | float | None", `${" ".repeat(300_000)}x`],
])("a text made to keep the check of %s busy is refused in moderate time", (type, text) => {
  const startedAtMs = performance.now();
  expect(check(`a: ${type}`, JSON.stringify({ a: text })).ok).toBe(false);
  // Quadratic work takes minutes here.
  expect(performance.now() - startedAtMs).toBeLessThan(5_000);
});

describe("a pattern that takes for ever on a text that is made for it", () => {
  const endless: TypeSpec = { kind: "str", rules: { pattern: "^(a+)+$" } };
  const evil = JSON.stringify(`${"a".repeat(50)}b`);

  it("ends as a fault of the outputs, however many such texts there are", () => {
    const signature = { ...parseSignature("q -> a: list[str]"), outputs: [{ name: "a", type: { kind: "list", item: endless } }] } satisfies Signature;
    expect(checkOutputs(signature, `{"a":["aaa",${Array.from({ length: 1000 }, () => evil).join(",")}]}`)).toEqual({ ok: false, faults: ["outputs: took too long to check against the patterns of the schema; submit simpler texts"] });
    expect(checkOutputs(signature, '{"a":["aaa","b"]}')).toEqual({ ok: false, faults: ["a[1]: expected a text matching /^(a+)+$/, got 'b'"] });
  });

  it("ends as a fault of a sub-model's reply", () => {
    expect(checkReply(endless, evil, "value")).toEqual({ ok: false, faults: ["reply: took too long to check against the patterns of the schema; give simpler texts"] });
    expect(checkReply(endless, '"aaa"', "value")).toEqual({ ok: true, json: '"aaa"' });
  });
});
