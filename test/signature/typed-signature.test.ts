import { expect, it } from "vitest";
import { z } from "zod";
import { signature } from "../../src/api/signature.js";
import { typeFromJsonSchema } from "../../src/signature/from-json-schema.js";
import { checkOutputs } from "../../src/signature/check-outputs.js";
import { formatType } from "../../src/signature/format-type.js";
import { SignatureFieldError } from "../../src/signature/field-error.js";
import { renderOutputFields } from "../../src/prompts/render-outputs.js";
import { renderSystemMessage } from "../../src/prompts/render-system-message.js";
import type { StandardSchema } from "../../src/signature/standard-schema.js";

const typeOf = (schema: StandardSchema): string => formatType(signature({ inputs: {}, outputs: { x: schema } }).spec.outputs[0]?.type ?? { kind: "none" });

it.each<[string, StandardSchema, string]>([
  ["string", z.string(), "str"],
  ["int", z.number().int(), "int"],
  ["number", z.number(), "float"],
  ["boolean", z.boolean(), "bool"],
  ["null", z.null(), "None"],
  ["unknown", z.unknown(), "any"],
  ["iso date", z.iso.date(), "date"],
  ["iso datetime", z.iso.datetime(), "datetime"],
  ["base64", z.base64(), "bytes"],
  ["enum", z.enum(["low", "high"]), "Literal['low', 'high']"],
  ["literal", z.literal([1, true, null]), "Literal[1, True, None]"],
  ["nullable", z.string().nullable(), "str | None"],
  ["union", z.union([z.string(), z.array(z.number())]), "str | list[float]"],
  ["tuple", z.tuple([z.string(), z.number()]), "tuple[str, float]"],
  ["record", z.record(z.string(), z.number()), "dict[str, float]"],
  ["record of an enum", z.record(z.enum(["a", "b"]), z.number()), "{ a: float, b: float }"],
  ["object", z.object({ title: z.string(), at: z.string().optional() }), "{ title: str, at?: str }"],
  ["discriminated union", z.discriminatedUnion("k", [z.object({ k: z.literal("a") }), z.object({ k: z.literal("b"), n: z.int() })]), "{ k: Literal['a'] } | { k: Literal['b'], n: int }"],
])("reads zod's %s", (_name, schema, type) => {
  expect(typeOf(schema)).toBe(type);
});

it("takes instructions, descriptions and optional fields from the object form, as plain JSON", () => {
  const task = signature({
    instructions: "Find incidents.",
    inputs: { logs: z.string().describe("one line an event"), since: z.iso.date().optional() },
    outputs: { incidents: z.array(z.object({ title: z.string().describe("short") })), note: z.string().default("none") },
  });
  const spec = {
    instructions: "Find incidents.",
    inputs: [{ name: "logs", type: { kind: "str" }, description: "one line an event" }, { name: "since", type: { kind: "date" }, optional: true }],
    outputs: [
      { name: "incidents", type: { kind: "list", item: { kind: "object", fields: [{ name: "title", type: { kind: "str" }, description: "short" }] } } },
      { name: "note", type: { kind: "str" }, optional: true },
    ],
  };
  expect(JSON.parse(JSON.stringify(task))).toEqual(spec);
  expect(String(task)).toBe("logs: str, since?: date -> incidents: list[{ title: str }], note?: str");
});

it("brings descriptions and rules of fields into the prompt", () => {
  const { spec } = signature({
    inputs: { logs: z.string().describe("one line an event") },
    outputs: { rate: z.number().min(0).max(1).describe("share of errors"), tags: z.array(z.string().regex(/^[a-z]+$/)).max(3), n: z.int() },
  });
  const limits = { maxIterations: 3, maxLlmCalls: 5, maxOutputChars: 1000, maxDepth: 0, maxTokens: null, budgetUsd: null, timeoutMs: null };
  const message = renderSystemMessage({ signature: spec, variables: [{ name: "logs", type: "str", length: 3, preview: "abc" }], limits, subContextTokens: null });
  expect(message).toContain("one line an event");
  expect(renderOutputFields(spec.outputs)).toBe("- `rate` (float): at least 0, at most 1; share of errors\n- `tags` (list[str]): at most 3 items; each: matching /^[a-z]+$/\n- `n` (int)");
});

it("checks outputs against the rules of a schema, and names the rule that is broken", () => {
  const { spec } = signature({ inputs: {}, outputs: { rate: z.number().min(0).lt(1), tags: z.array(z.string().min(2)).min(1), step: z.number().multipleOf(0.1), code: z.string().length(3).regex(/^[A-Z]+$/) } });
  expect(checkOutputs(spec, '{"rate": 0.5, "tags": ["ab"], "step": 0.3, "code": "ABC"}')).toMatchObject({ ok: true });
  expect(checkOutputs(spec, '{"rate": 1, "tags": [], "step": 0.35, "code": "AB"}')).toEqual({
    ok: false,
    faults: ["rate: expected less than 1, got 1.0", "tags: expected at least 1 item, not 0, got []", "step: expected a multiple of 0.1, got 0.35", 'code: expected exactly 3 characters, not 2, got \'AB\''],
  });
  expect(checkOutputs(spec, '{"rate": -1, "tags": ["ab", "c"], "step": 1, "code": "abc"}')).toMatchObject({
    faults: ["rate: expected at least 0, got -1.0", 'tags[1]: expected at least 2 characters, not 1, got \'c\'', 'code: expected a text matching /^[A-Z]+$/, got \'abc\''],
  });
});

it.each<[string, () => unknown, string, RegExp]>([
  ["a reserved name", () => signature({ inputs: { llm_query: z.string() }, outputs: { a: z.string() } }), "reserved_name", /field `llm_query`.*name of the sandbox.*`my_llm_query`/],
  ["an illegal name", () => signature({ inputs: { "my-logs": z.string() }, outputs: { a: z.string() } }), "illegal_name", /`my_logs`/],
  ["an output of the result document", () => signature({ inputs: {}, outputs: { trajectory: z.string() } }), "reserved_name", /result document/],
  ["a name on both sides", () => signature({ inputs: { a: z.string() }, outputs: { a: z.string() } }), "duplicate_name", /stands twice/],
  ["no output", () => signature({ inputs: { a: z.string() }, outputs: {} }), "no_outputs", /Declare at least one/],
  ["a Date", () => signature({ inputs: {}, outputs: { at: z.date() } }), "unsupported_schema", /field `at`.*z\.iso\.datetime/],
  ["a schema that contains itself", () => signature({ inputs: {}, outputs: { x: z.json() } }), "unsupported_schema", /refers to itself/],
  ["an object with a rest", () => signature({ inputs: {}, outputs: { x: z.array(z.looseObject({ a: z.string() }).catchall(z.number())) } }), "unsupported_schema", /`x\[\]`.*either named keys/],
  ["a rule for keys", () => signature({ inputs: {}, outputs: { x: z.record(z.string().regex(/^id-/), z.int()) } }), "unsupported_schema", /`x`.*names of keys/],
  ["a file", () => signature({ inputs: {}, outputs: { x: z.file() } }), "unsupported_schema", /`x`.*a file/],
  ["something else", () => signature({ inputs: {}, outputs: { x: "str" as unknown as StandardSchema } }), "unsupported_schema", /zod from 4\.2/],
  ["a description of no field", () => signature("a -> b").withDescriptions({ c: "x" } as object), "unknown_field", /a: str -> b: str/],
])("refuses %s at construction", (_what, make, code, message) => {
  expect(make).toThrow(SignatureFieldError);
  expect(make).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
});

it("is edited without being changed", () => {
  const first = signature("logs -> answer");
  const second = first.withInstructions("Be short.").withDescriptions({ answer: "one word" }).withOutput("count", "int", "how many").withOutput("tags", z.array(z.string()));
  expect(String(first)).toBe("logs: str -> answer: str");
  expect(first.spec.instructions).toBeUndefined();
  expect(String(second)).toBe("logs: str -> answer: str, count: int, tags: list[str]");
  expect(second.spec).toMatchObject({ instructions: "Be short.", outputs: [{ description: "one word" }, { description: "how many" }, {}] });
  expect(() => first.withOutput("logs", "int")).toThrow(/stands twice/);
});

it.each<unknown>([undefined, null, 5, [], {}, { outputs: { a: z.string() } }, { inputs: {}, outputs: 3 }])("a task that is %j is refused with the two forms that there are", (task) => {
  expect(() => signature(task as never)).toThrow('it is neither a text nor an object of schemas. Write "logs -> answer: str", or { inputs: { … }, outputs: { … } }.');
});

it("reads a schema that names no type by the keywords that only one type has", () => {
  expect(typeFromJsonSchema({ properties: { n: { type: "integer" } }, required: ["n"] }, "x")).toEqual({ kind: "object", fields: [{ name: "n", type: { kind: "int" } }] });
  expect(typeFromJsonSchema({ items: { type: "string" } }, "x")).toEqual({ kind: "list", item: { kind: "str" } });
  expect(typeFromJsonSchema({}, "x")).toEqual({ kind: "any" });
  expect(() => typeFromJsonSchema({ type: "array", uniqueItems: true }, "x")).toThrow(/`uniqueItems`/);
});
