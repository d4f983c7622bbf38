import { describe, expect, it } from "vitest";
import type { VariableDescription } from "../../src/core/cell.js";
import type { Signature } from "../../src/core/signature.js";
import { z } from "zod";
import { packFor, withOverride } from "../../src/prompts/pack-for.js";
import { PACK_V1 } from "../../src/prompts/pack-v1.js";
import { fillTemplate } from "../../src/prompts/prompt-pack.js";
import { renderSystemMessage } from "../../src/prompts/render-system-message.js";
import { renderExtractMessages } from "../../src/prompts/render-extract-messages.js";
import { renderSubCallMessages } from "../../src/prompts/render-sub-call-messages.js";
import { tool } from "../../src/tools/define-tool.js";
import { toolSpecs } from "../../src/tools/tool-specs.js";
import { parseSignature } from "../../src/signature/parse-signature.js";

const limits = { maxIterations: 10, maxLlmCalls: 50, maxOutputChars: 10_000, maxDepth: 0, maxTokens: null, budgetUsd: null, timeoutMs: null };

const incident: Signature = {
  inputs: [
    { name: "logs", type: { kind: "str" }, description: "All services, one line an event." },
    { name: "weights", type: { kind: "dict", value: { kind: "float" } } },
    { name: "since", type: { kind: "date" }, optional: true },
  ],
  outputs: [
    { name: "answer", type: { kind: "str" }, description: "One paragraph." },
    { name: "severity", type: { kind: "literal", values: ["low", "high"] } },
    {
      name: "causes",
      type: { kind: "list", item: { kind: "object", fields: [{ name: "service", type: { kind: "str" }, description: "As named in the logs." }, { name: "at", type: { kind: "datetime" }, optional: true }] } },
    },
    { name: "note", type: { kind: "str" }, optional: true, description: "Doubts, if any." },
  ],
  instructions: "Which service failed first, and why?",
};

const variables: VariableDescription[] = [
  { name: "logs", type: "str", length: 20_971_520, preview: "10:00 start\n… 20,971,080 characters left out …\n23:59 stop" },
  { name: "weights", type: "dict[str, int]", length: 1, preview: "{'a': 1}" },
];

const render = (signature: Signature, given: readonly VariableDescription[], more: Partial<Parameters<typeof renderSystemMessage>[0]> = {}) =>
  renderSystemMessage({ signature, variables: given, limits, subContextTokens: 128_000, ...more });

describe("the system message", () => {
  it("is exactly this, with everything in it", async () => {
    await expect(render(incident, variables)).toMatchFileSnapshot("snapshots/system-message.txt");
  });

  it("is exactly this, with as little as possible and no sub-calls", async () => {
    await expect(render(parseSignature("-> answer"), [], { limits: { ...limits, maxIterations: 1, maxLlmCalls: 0 }, subContextTokens: null })).toMatchFileSnapshot("snapshots/system-message-minimal.txt");
  });

  it("is exactly this, for a child run with tools, helpers, packages and limits of every kind, whose own children are allowed", async () => {
    const lookUp = tool({
      name: "look_up",
      description: "Finds a customer\n by number.",
      parameters: z.object({ id: z.int().describe("the number on the invoice"), region: z.enum(["eu", "us"]).default("eu"), fields: z.array(z.string()).optional() }),
      run: () => null,
    });
    const helpers: VariableDescription[] = [
      { name: "parse_line", type: "function", length: null, preview: "`parse_line(line: str) -> dict`: Splits a line of the log.", helper: true },
      { name: "EPOCH", type: "int", length: null, preview: "1700000000", helper: true },
    ];
    const text = render(incident, [...variables, ...helpers], {
      limits: { ...limits, maxDepth: 1, maxTokens: 500_000, budgetUsd: 1 / 3, timeoutMs: 90_500 },
      tools: toolSpecs([lookUp], []),
      maxToolCalls: 1000,
      isChild: true,
      allowedModels: ["small", "large"],
      packages: ["numpy 2.1.0"],
    });
    await expect(text).toMatchFileSnapshot("snapshots/system-message-full.txt");
  });

  it("has the line that a family of models needs, after the texts of the pack, and names it in the version", () => {
    const pack = packFor("Qwen/Qwen3-Coder-480B");
    expect(pack.version).toBe("v1+qwen");
    expect(render(incident, variables, { pack })).toContain("Submit before the turns are used up.\n9. Sub-calls cost time and money: never one for each line");
    expect(render(incident, variables, { pack: packFor("gpt-x") })).toBe(render(incident, variables));
  });

  it("takes an override of any text of the pack", () => {
    const pack = withOverride(PACK_V1, { family: "f", models: /f/, append: { task: "T+", outputs: "O+", tools: "U+", subCall: "S+", extract: "E+" } });
    const text = render(incident, variables, { pack });
    for (const part of [`${PACK_V1.task}\nT+`, `${PACK_V1.outputs}\nO+`]) expect(text).toContain(part);
    expect(renderSubCallMessages("p", pack)[0]?.content).toBe(`${PACK_V1.subCall}\nS+`);
    expect(renderExtractMessages({ signature: incident, conversation: [], pack })[0]?.content).toContain(`${PACK_V1.extract}\nE+`);
  });

  it("names the types and the descriptions of the output fields, those of nested keys too", () => {
    const text = render(incident, variables);
    for (const part of ["`severity` (Literal['low', 'high'])", "`answer` (str): One paragraph.", "`service` (str): As named in the logs.", "`note` (str): may be None; Doubts, if any.", "SUBMIT(answer=…, severity=…, causes=…, note=…)"]) {
      expect(text).toContain(part);
    }
  });

  it("shows of an input its name, type, size and preview, and bounds the preview", () => {
    const preview = `HEAD${".".repeat(3000)}MIDDLE${".".repeat(3000)}TAIL`;
    const text = render(parseSignature("doc -> answer"), [{ name: "doc", type: "str", length: 6014, preview }]);
    for (const part of ["`doc`: str, 6,014 characters.", "HEAD", "TAIL"]) expect(text).toContain(part);
    expect(text).not.toContain("MIDDLE");
  });

  it("says how much a sub-call takes from the sub-model's context", () => {
    expect(render(incident, variables, { subContextTokens: 128_000 })).toContain("one sub-call takes up to about 250,000 characters");
    expect(render(incident, variables, { subContextTokens: 8192 })).toContain("one sub-call takes up to about 16,000 characters");
    expect(render(incident, variables, { subContextTokens: null })).toContain("is not known here");
  });

  it("names the packages of the sandbox, or says that there are none", () => {
    expect(render(incident, variables)).toContain("Python has its standard library, no network and no other packages.");
    expect(render(incident, variables, { packages: ["numpy 2.4.6", "six 1.17.0"] })).toContain("Python has its standard library, the packages numpy 2.4.6, six 1.17.0, no others, and no network.");
  });

  it("takes the instructions given before those of the signature", () => {
    expect(render(incident, variables, { instructions: "Count the lines." })).toContain("`note`.\n\nCount the lines.\n\n# Inputs");
    expect(render(incident, variables, { instructions: null })).toContain("Which service failed first");
  });

  it("does not mention sub-calls to query where there are none", () => {
    expect(render(incident, variables, { limits: { ...limits, maxLlmCalls: 0 } })).not.toContain("llm_query");
  });
});

it("a prompt pack that asks for an unknown value is refused", () => {
  expect(() => fillTemplate("{{maxLlmCalls}} {{colour}}", { maxLlmCalls: "5" })).toThrow("The prompt pack uses {{colour}}, which has no value here. Use one of: maxLlmCalls.");
});

it("the texts of the pack hold no placeholder that is not filled in", () => {
  const { strategy: _strategy, ...others } = PACK_V1;
  expect(JSON.stringify(others)).not.toContain("{{");
});
