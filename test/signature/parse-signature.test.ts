import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Signature, TypeSpec } from "../../src/core/signature.js";
import { formatSignature } from "../../src/signature/format-signature.js";
import { parseSignature } from "../../src/signature/parse-signature.js";
import { MISTAKE_CASES } from "./fixtures/mistake-cases.js";
import { SIGNATURE_CASES } from "./fixtures/signature-cases.js";
import { TYPE_CASES } from "./fixtures/type-cases.js";
import { SignatureError } from "../../src/signature/signature-error.js";

const typeOf = (type: string): TypeSpec | undefined => parseSignature(`a -> b: ${type}`).outputs[0]?.type;

function errorOf(text: string): SignatureError {
  try {
    parseSignature(text);
  } catch (error) {
    if (error instanceof SignatureError) return error;
  }
  throw new Error(`expected a SignatureError for ${text}`);
}

describe("a signature text", () => {
  it("gives typed inputs and outputs, str where no type stands", () => {
    expect(parseSignature("logs, question -> answer: str, severity: Literal['low','high']")).toEqual({
      inputs: [{ name: "logs", type: { kind: "str" } }, { name: "question", type: { kind: "str" } }],
      outputs: [{ name: "answer", type: { kind: "str" } }, { name: "severity", type: { kind: "literal", values: ["low", "high"] } }],
    });
  });

  it("marks `name?` as optional, with and without a type", () => {
    expect(parseSignature("a?, b?: int -> c?")).toEqual({
      inputs: [{ name: "a", type: { kind: "str" }, optional: true }, { name: "b", type: { kind: "int" }, optional: true }],
      outputs: [{ name: "c", type: { kind: "str" }, optional: true }],
    });
  });

  it("may have no inputs, line breaks, and names beyond ASCII", () => {
    expect(parseSignature("->\n  größe: int").outputs[0]?.name).toBe("größe");
  });

  it.each(TYPE_CASES.flatMap(({ spellings, python }) => spellings.map((written) => ({ written, python }))))("reads $written as $python", ({ written, python }) => {
    expect(formatSignature({ inputs: [], outputs: [{ name: "b", type: typeOf(written) ?? { kind: "none" } }] })).toBe(`-> b: ${python}`);
  });

  it.each(SIGNATURE_CASES)("is read back from its formatted form: $text", ({ text }) => {
    const signature = parseSignature(text);
    expect(parseSignature(formatSignature(signature))).toEqual(signature);
  });

  it("is read back from its formatted form without loss", () => {
    fc.assert(fc.property(signatures, (signature) => {
      expect(parseSignature(formatSignature(signature))).toEqual(signature);
    }));
  });

  it("either parses or is refused with a SignatureError, whatever it is", () => {
    const pieces = fc.constantFrom("a", "->", ":", ",", "?", "list", "[", "]", "{", "}", "<", ">", "|", "'x'", "Literal", "1", "...", " ", "str", "tuple", "(", ")", "dict", "\u{1F600}");
    fc.assert(fc.property(fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join("")), (text) => {
      try {
        parseSignature(text);
      } catch (error) {
        expect(error).toBeInstanceOf(SignatureError);
      }
    }));
    expect(errorOf(`a -> b: ${"list[".repeat(100_000)}`).code).toBe("too_deep");
  });
});

describe("a signature that cannot be used", () => {
  it("is refused with the place, a caret under it, and the cure", () => {
    expect(errorOf("logs -> answer: strr").message).toBe(
      "Signature, column 17: `strr` is not a type.\n"
      + "  logs -> answer: strr\n"
      + "                  ^\n"
      + "Did you mean `str`? Types: str, int, float, bool, list[T], dict[str, T], tuple[A, B], Literal['a', 'b'], Optional[T], A | B, None, date, datetime, bytes, any, { key: T }; "
      + "or as in TypeScript: string, number, boolean, T[], Record<string, T>, 'a' | 'b'.",
    );
  });

  it.each(MISTAKE_CASES)("$text", ({ text, code, column }) => {
    const error = errorOf(text);
    expect([error.code, error.column]).toEqual([code, column]);
    expect(error.message).toMatch(/\n +\^\n.{10}/);
  });

  it.each<[string, RegExp]>([
    ["my-logs -> c", /for example `my_logs`/],
    ["a -> 1st", /for example `_1st`/],
    ["llm_query_batched -> c", /`my_llm_query_batched`/],
    ["a -> final_reasoning", /result document/],
    ["a -> b: set[int]", /list\[T\]/],
    ["a -> b: 'x", /Close it with '/],
  ])("%s is told the cure", (text, cure) => {
    expect(errorOf(text).message).toMatch(cure);
  });

  it("may have inputs named trajectory or json", () => {
    expect(parseSignature("trajectory, json -> c").inputs.map((field) => field.name)).toEqual(["trajectory", "json"]);
  });
});

const scalars = fc.constantFrom("str", "int", "float", "bool", "any", "bytes", "date", "datetime").map((kind): TypeSpec => ({ kind }));
const literals = fc.uniqueArray(fc.oneof(fc.string(), fc.integer(), fc.boolean()), { minLength: 1, maxLength: 3 }).map((values): TypeSpec => ({ kind: "literal", values }));
const { type: types } = fc.letrec<{ type: TypeSpec }>((tie) => ({
  type: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalars,
    literals,
    tie("type").map((item): TypeSpec => ({ kind: "list", item })),
    tie("type").map((value): TypeSpec => ({ kind: "dict", value })),
    fc.array(tie("type"), { minLength: 1, maxLength: 3 }).map((items): TypeSpec => ({ kind: "tuple", items })),
    fc.uniqueArray(scalars, { minLength: 1, maxLength: 3, selector: (type) => type.kind }).map((options): TypeSpec => ({ kind: "union", options: [...options, { kind: "none" }] })),
    fc.uniqueArray(fc.string().filter((key) => key !== "__proto__"), { maxLength: 3 }).chain((names) => fc.tuple(...names.map((name) => tie("type").map((type) => ({ name, type }))))
      .map((fields): TypeSpec => ({ kind: "object", fields }))),
  ),
}));
const signatures: fc.Arbitrary<Signature> = fc.tuple(types, types).map(([a, b]) => ({
  inputs: [{ name: "logs", type: a }],
  outputs: [{ name: "answer", type: b, optional: true }],
}));
