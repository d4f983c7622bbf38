import { describe, expect, it } from "vitest";
import { parseJsonReply } from "../../src/prompts/parse-json-reply.js";
import { parseReactReply } from "../../src/prompts/parse-react-reply.js";

describe("a reply that was asked for JSON", () => {
  it.each([
    ["[1]", "[1]"], ["Here it is:\n```json\n\"yes\"\n```\nDone.", '"yes"'], ["~~~\n{\"a\": 1}\n~~~", '{"a": 1}'], ["<think>[0]</think> So [1] or [2, 3].", "[2, 3]"], ["none", null],
  ])("%j gives %j", (reply, json) => {
    expect(parseJsonReply(reply)).toBe(json);
  });

  it.each([["backticks", "`"], ["tildes", "~"], ["fences", "```\n"]])("takes 500 KB of %s in seconds", (_what, unit) => {
    const startedAtMs = performance.now();
    expect(parseJsonReply(unit.repeat(500_000 / unit.length))).toBeNull();
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
  });
});

describe("a reply of the react strategy", () => {
  it("may repeat a key, of which the last counts, as in Python", () => {
    expect(parseReactReply('{"calls": [{"tool": "order", "args": {"number": 1, "number": 2}}]}', ["order"])).toEqual({ calls: [{ tool: "order", args: '{"number":2}' }] });
  });

  it("that is nested too deep is told so", () => {
    expect(parseReactReply(`{"outputs": ${"[".repeat(50_000)}${"]".repeat(50_000)}}`, [])).toEqual({ faults: ["it is nested too deep; give flatter values"] });
  });
});
