import { describe, expect, it } from "vitest";
import { demoModelRules } from "../../src/demo/demo-model-rules.js";
import { DEMO_TASK } from "../../src/demo/demo-task.js";
import { SUB_PROMPT_MARK } from "../../src/demo/sub-prompt.js";
import { parseSignature } from "../../src/signature/parse-signature.js";
import { post, textOf, withRules, type Message } from "../testing/http.js";

const RULES = demoModelRules({ rootDelayMs: 0, subDelayMs: 0 });

describe("the demo's scripted model", () => {
  it("goes through its five turns by the conversation, each with one block of Python, the last one submitting", async () => {
    await withRules(RULES, async ({ url }) => {
      const messages: Message[] = [["system", "You work in a REPL."], ["user", "Task"]];
      const replies: string[] = [];
      for (let turn = 1; turn <= 5; turn++) {
        replies.push(await textOf(await post(url, messages)));
        messages.push(["assistant", replies.at(-1) ?? ""], ["user", `observation ${turn}`]);
      }
      for (const reply of replies) expect(reply.match(/```/g)).toHaveLength(2);
      expect(replies.map((reply) => reply.includes("SUBMIT("))).toEqual([false, false, false, false, true]);
      expect(await textOf(await post(url, messages))).toBe("404 script_ended");
    });
  });

  it("answers a sub-call from its prompt", async () => {
    const prompt = `These are the ${SUB_PROMPT_MARK}.\n\nService: ledger\nOther services: auth, mailer\n1. 2026-01-01T00:00:00.000Z INFO ledger[1] req=0 ntp lost its peers`;
    await withRules(RULES, async (server) => {
      expect(JSON.parse(await textOf(await post(server.url, [["user", prompt]])))).toEqual({ verdict: "own_failure", cause: "clock_skew", line: 1 });
      expect(server.ledger()).toMatchObject([{ rule: "demo-sub" }]);
    });
  });

  it("says so when it is asked something it was not made for", async () => {
    await withRules(RULES, async ({ url }) => expect(await textOf(await post(url, [["user", `Summarise the ${SUB_PROMPT_MARK}!`]]))).toBe("400 script_failed"));
  });

  it("works on a signature that the parser takes", () => {
    const { inputs, outputs } = parseSignature(DEMO_TASK.signature);
    expect([...inputs, ...outputs].map((field) => field.name)).toEqual(["logs", "question", "service", "cause", "evidence"]);
    expect(outputs[1]?.type.kind).toBe("literal");
  });
});
