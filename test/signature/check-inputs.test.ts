import { describe, expect, it } from "vitest";
import { checkInputType } from "../../src/signature/check-input-type.js";
import { checkInputs } from "../../src/signature/check-inputs.js";
import { parseSignature } from "../../src/signature/parse-signature.js";

describe("the names of the inputs given", () => {
  it("are fine when every declared one is there; optional ones need not be", () => {
    expect(checkInputs(parseSignature("a, b? -> c"), ["a"])).toEqual({ missing: [], undeclared: [], faults: [] });
  });

  it("are refused all at once, each with a cure", () => {
    expect(checkInputs(parseSignature("logs, question, size -> answer"), ["log", "answer", "zzz", "size"])).toEqual({
      missing: ["logs", "question"],
      undeclared: ["log", "answer", "zzz"],
      faults: [
        "Input `log` is not declared by the signature. Did you mean `logs`?",
        "Input `answer` is not declared by the signature. It is an output; leave it out.",
        "Input `zzz` is not declared by the signature. Leave it out, or add it before `->`; declared are: logs, question, size.",
        "Input `logs` is missing. Give it a value, or declare it as `logs?` if it may be left out.",
        "Input `question` is missing. Give it a value, or declare it as `question?` if it may be left out.",
      ],
    });
  });
});

describe("an input given as JSON", () => {
  const check = (field: string, json: string) => {
    const [input] = parseSignature(`${field} -> answer`).inputs;
    if (input === undefined) throw new Error("no input");
    return checkInputType(input, json);
  };

  it("keeps its text when it fits, every digit of it", () => {
    expect(check("n: int", " 123456789012345678901234567890 ")).toEqual({ ok: true, json: " 123456789012345678901234567890 " });
    expect(check("d: dict[str, list[float]]", '{"a": [1.50, 2.0]}')).toEqual({ ok: true, json: '{"a": [1.50, 2.0]}' });
  });

  it("is coerced where it can mean one thing only", () => {
    expect(check("n: int", '"5"')).toEqual({ ok: true, json: "5" });
  });

  it("may be anything for a field without a type", () => {
    expect(check("rows", '[{"i":1}]')).toEqual({ ok: true, json: '[{"i":1}]' });
  });

  it("may be null for an optional field", () => {
    expect(check("n?: int", "null")).toEqual({ ok: true, json: "null" });
  });

  it("is refused with its name, the type and the value; NaN always", () => {
    expect(check("n: int", '{"a":1}')).toEqual({ ok: false, faults: ["n: expected int, got {'a': 1} (dict)"] });
    expect(check("x", "[NaN]")).toEqual({ ok: false, faults: ["x[0]: expected float, got nan (float)"] });
    expect(check("x", "hello")).toMatchObject({ ok: false, faults: [expect.stringMatching(/^x: not valid JSON .*use x=text$/)] });
  });
});
