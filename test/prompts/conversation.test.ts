import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExtractReply } from "../../src/prompts/parse-extract-reply.js";
import { renderConversation } from "../../src/prompts/render-conversation.js";
import { renderExtractMessages } from "../../src/prompts/render-extract-messages.js";
import { renderStateLine } from "../../src/prompts/render-state-line.js";
import { renderSubCallMessages } from "../../src/prompts/render-sub-call-messages.js";
import { renderSubmitFaults } from "../../src/prompts/render-submit-faults.js";
import { renderTurnMessage } from "../../src/prompts/render-turn-message.js";
import { checkOutputs } from "../../src/signature/check-outputs.js";
import { parseSignature } from "../../src/signature/parse-signature.js";

const turns = fc.array(fc.record({ reply: fc.string(), observationMessage: fc.string(), steers: fc.array(fc.string(), { maxLength: 2 }) }), { maxLength: 8 });

describe("a conversation", () => {
  it("is the system message, an opening, then replies and what was shown in turn", () => {
    expect(renderConversation({ system: "S", turns: [{ reply: "R1", observationMessage: "O1", steers: [] }, { reply: " ", observationMessage: "O2", steers: ["look at 2024"] }], steers: ["hurry"] })).toEqual([
      { role: "system", content: "S" },
      { role: "user", content: "Begin. Look at the inputs first." },
      { role: "assistant", content: "R1" },
      { role: "user", content: "O1\n\nMessage from the operator of this run; follow it:\nlook at 2024" },
      { role: "assistant", content: "(empty reply)" },
      { role: "user", content: "O2\n\nMessage from the operator of this run; follow it:\nhurry" },
    ]);
  });

  it("only ever grows: each state of it is the beginning of every later one", () => {
    fc.assert(fc.property(fc.string(), turns, fc.nat(), (system, all, at) => {
      const cut = at % (all.length + 1);
      const earlier = renderConversation({ system, turns: all.slice(0, cut), steers: all[cut]?.steers ?? [] });
      expect(renderConversation({ system, turns: all, steers: [] }).slice(0, earlier.length)).toEqual(earlier);
    }));
  });

  it("never has two messages of one role in a row, with the extract question too", () => {
    fc.assert(fc.property(turns, (all) => {
      const conversation = renderConversation({ system: "S", turns: all, steers: [] });
      const extract = renderExtractMessages({ signature: parseSignature("a -> b: int"), conversation });
      expect(extract.slice(0, -1)).toEqual(conversation.slice(0, -1));
      expect(extract.at(-1)?.content.startsWith(conversation.at(-1)?.content ?? "?")).toBe(true);
      for (const messages of [conversation, extract]) expect(messages.some((message, i) => message.role === messages[i + 1]?.role)).toBe(false);
    }));
  });
});

describe("the message after a cell", () => {
  const budget = { turn: 3, maxIterations: 10, llmCallsUsed: 12, maxLlmCalls: 1050, tokensLeft: null, usdLeft: null, msLeft: null };
  const state = { budget, changed: [], restored: [] };

  it("is exactly this", async () => {
    const stateLine = renderStateLine({
      ...state,
      changed: [{ name: "hits", type: "list[str]", length: 1200 }, { name: "text", type: "str", length: 1 }, { name: "raw", type: "bytes", length: 5 }, { name: "n", type: "int", length: null }],
      restored: ["llm_query"],
      names: ["hits", "n"],
    });
    await expect(renderTurnMessage({ observation: "1200\nNameError: nope", notices: ["The text after your code block was ignored."], stateLine })).toMatchFileSnapshot("snapshots/turn-message.txt");
  });

  it("names the last turn, and calls only where there are any", () => {
    expect(renderStateLine({ ...state, budget: { ...budget, turn: 9, maxLlmCalls: 0 } })).toBe("[Turn 9 of 10 done, 1 left. The next turn is your last: end it with SUBMIT(...).]");
    expect(renderStateLine({ ...state, budget: { ...budget, turn: 10, llmCallsUsed: 2000 }, names: [] })).toBe("[Turn 10 of 10 done, 0 left. Sub-calls: 0 of 1,050 left. Names you have defined: none.]");
  });

  it("tells what is left of tokens, money and time where the run has such limits, raised ones included", () => {
    const line = renderStateLine({ ...state, budget: { ...budget, maxIterations: 20, tokensLeft: 91_234, usdLeft: 1.2345, msLeft: 299_001 } });
    expect(line).toBe("[Turn 3 of 20 done, 17 left. Sub-calls: 1,038 of 1,050 left. Left before its code ran: 91,234 tokens, 1.23 US dollars, 300 seconds.]");
  });

  it("tells the tool calls that are left where the run has tools", () => {
    const counted = { ...state, budget: { ...budget, toolCallsLeft: 997 } };
    expect(renderStateLine({ ...counted, hasTools: true })).toBe("[Turn 3 of 10 done, 7 left. Sub-calls: 1,038 of 1,050 left. Left before its code ran: 997 tool calls.]");
    expect(renderStateLine(counted)).not.toContain("tool calls");
  });

  it("stays one bounded line of state, whatever the sandbox says about variables", () => {
    const line = renderStateLine({ ...state, changed: [{ name: "x\ny", type: "T\n".repeat(500), length: 3 }], names: Array.from({ length: 500 }, (_unused, i) => `v${i}`) });
    expect(line).not.toContain("\n");
    expect(line).toContain("… and 440 more");
    expect(line.length).toBeLessThan(1000);
  });

  it("has no heading over an error that stands for a cell, and nothing for an empty observation", () => {
    expect(renderTurnMessage({ observation: "[Error] No code.", notices: [], stateLine: "[S]" })).toBe("[Error] No code.\n\n[S]");
    expect(renderTurnMessage({ observation: "", notices: [], stateLine: "[S]" })).toBe("[S]");
  });

  it("tells every fault of a SUBMIT", () => {
    const checked = checkOutputs(parseSignature("q -> answer: int, score: int"), '{"answer":"abc"}');
    expect(renderSubmitFaults(checked.ok ? [] : checked.faults)).toBe(
      "[Error] SUBMIT was not accepted; the run goes on:\n- answer: expected int, got 'abc' (str)\n- score: is missing; expected int\nMend these and call SUBMIT again; your variables are kept.",
    );
  });
});

it("a sub-call is the preamble and the prompt as it is", () => {
  expect(renderSubCallMessages(" p\n")).toEqual([{ role: "system", content: expect.stringContaining("You are called by a program") }, { role: "user", content: " p\n" }]);
});

describe("the extract call", () => {
  it("asks exactly this", async () => {
    const signature = parseSignature("q -> answer, tags: list[str], when?: date");
    const [message] = renderExtractMessages({ signature, conversation: [] });
    expect(message?.role).toBe("user");
    await expect(message?.content).toMatchFileSnapshot("snapshots/extract-question.txt");
  });

  it.each<[string, string, string | null]>([
    ["alone", '{"a": 12345678901234567890}', '{"a": 12345678901234567890}'],
    ["in a fence", 'Here:\n```json\n{"a": "}{"}\n```\nDone.', '{"a": "}{"}'],
    ["in prose with braces", 'Given {x} and "quotes" I say {"a": {"b": 1}} now', '{"a": {"b": 1}}'],
    ["after thinking", '<think>{"a": 0}</think>{"a": 1}', '{"a": 1}'],
    ["as the last of several", '{"a": 1} or rather {"a": 2}', '{"a": 2}'],
    ["nowhere", "I do not know. [1]", null],
    ["cut off", '{"a": [1, 2', null],
    ["in Python's spelling", "{'a': None}", null],
  ])("finds the object %s", (_name, reply, json) => {
    expect(parseExtractReply(reply)).toBe(json);
  });

  it("gives up on a reply that is all braces", () => {
    expect(parseExtractReply("{".repeat(200_000))).toBe(null);
  });
});
