import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { extractCell } from "../../src/core/fences.js";
import { resolveRunOptions } from "../../src/core/resolve-run-limits.js";
import type { RunSpec } from "../../src/core/run-spec.js";
import { renderConversation } from "../../src/prompts/render-conversation.js";
import { renderExtractMessages } from "../../src/prompts/render-extract-messages.js";
import { renderStateLine } from "../../src/prompts/render-state-line.js";
import { renderSubCallMessages } from "../../src/prompts/render-sub-call-messages.js";
import { renderTurnMessage } from "../../src/prompts/render-turn-message.js";
import { rootPack, systemMessageOf } from "../../src/prompts/root-prompts.js";
import { parseSignature } from "../../src/signature/parse-signature.js";
import { packageRoot } from "../../src/stack/package-files.js";

const PAGE = path.join(packageRoot(), "docs", "guide", "what-the-model-sees.md");

const signature = parseSignature("logs, question -> answer: str, severity: Literal['low', 'high']");
const limits = resolveRunOptions({});
const settings = { "gpt-5-mini": { contextTokens: 400_000 } };
const spec: RunSpec = { v: 1, signature, inputs: [], limits, models: { root: "gpt-5", sub: "gpt-5-mini", allowed: [], settings } };

const QUESTION = "Which service failed first, and how bad is it?";

const system = systemMessageOf(spec, [
  { name: "logs", type: "str", length: 20_971_520, preview: "2026-01-31T02:00:00 INFO gateway[1] req=8f3a21c9 GET /cart 200\n… 20,971,080 characters left out …\n2026-01-31T08:00:00 INFO search[2] req=02bb91e7 index is warm" },
  { name: "question", type: "str", length: QUESTION.length, preview: QUESTION },
]);

const REPLY = "First the size of the log and how its lines look.\n\n```python\nlines = logs.splitlines()\nerrors = [line for line in lines if \" ERROR \" in line]\nprint(len(lines), len(errors))\nprint(errors[0])\n```";
const OUTPUT = "182044 3120\n2026-01-31T05:12:44 ERROR checkout[1] req=77aa01fe upstream payments: timeout";

const fenced = (text: string): string => `~~~~text\n${text}\n~~~~`;

const turnMessage = renderTurnMessage({
  observation: OUTPUT, notices: [],
  stateLine: renderStateLine({ budget: { turn: 1, maxIterations: limits.maxIterations, llmCallsUsed: 0, maxLlmCalls: limits.maxLlmCalls, tokensLeft: null, usdLeft: null, msLeft: null }, changed: [{ name: "lines", type: "list[str]", length: 182_044 }, { name: "errors", type: "list[str]", length: 3120 }], restored: [] }),
});

function rendered(): Readonly<Record<string, string>> {
  const conversation = renderConversation({ system, opening: rootPack(spec).opening, turns: [{ reply: REPLY, observationMessage: turnMessage, steers: [] }], steers: [] });
  const [first, opening, reply, observed] = conversation.map(({ content }) => content);
  const subCall = renderSubCallMessages("Which service does this line blame?\n\n…").map(({ role, content }) => `[${role}]\n${content}`);
  const [extract] = renderExtractMessages({ signature, conversation: [], pack: rootPack(spec) });
  return { "system message": first ?? "", opening: opening ?? "", reply: reply ?? "", "turn message": observed ?? "", "sub-call": subCall.join("\n\n"), extract: extract?.content ?? "" };
}

it("shows the prompts that the program renders, to the byte", async () => {
  const page = readFileSync(PAGE, "utf8");
  let written = page;
  for (const [name, text] of Object.entries(rendered())) {
    const place = new RegExp(`(<!-- ${name}: rendered -->\\n)[^]*?(<!-- end -->)`);
    expect(page, name).toMatch(place);
    written = written.replace(place, (_whole, begin: string, end: string) => `${begin}${fenced(text)}\n${end}`);
  }
  await expect(written).toMatchFileSnapshot(PAGE);
});

it("shows a reply that is taken as it stands", () => {
  expect(extractCell(REPLY, "stop")).toMatchObject({ code: expect.stringContaining("print(errors[0])") as unknown, notices: [] });
});
