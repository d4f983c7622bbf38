import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import type { CallOutcome, LlmCallRequest, RlmCallRequest } from "../../src/core/cell.js";
import { packageRoot } from "../../src/stack/package-files.js";
import { openCellSession } from "../helpers/cell-session.js";
import { whole } from "../helpers/whole-text.js";

const page = readFileSync(path.join(packageRoot(), "docs", "guide", "budgets.md"), "utf8");
const blocks = [...page.matchAll(/^```python\n([^]*?)^```$/gm)].map(([, block = ""]) => block);

/** What models would say, by what they are asked. */
const SAID: Readonly<Record<string, unknown>> = { "Summarize the failures": "two", "Count the failures": 2, "Which sizes": [3, 4], "Who wrote": { name: "Ada" }, "The mood": "good" };

function answer(call: LlmCallRequest | RlmCallRequest): CallOutcome {
  const asked = call.kind === "rlm" ? call.task : call.prompt;
  const [, value] = Object.entries(SAID).find(([part]) => asked.includes(part)) ?? [];
  return { json: JSON.stringify(call.kind === "rlm" ? { answer: value } : value) };
}

it("the Python of the page on limits runs in a real sandbox, and does what the page says", async () => {
  await using session = await openCellSession({ maxLlmCalls: 9, recursion: true, left: { usdLeft: 0.5 }, inputs: { logs_of_monday: '"a"', days: '["a", "b"]' }, typed: answer });
  const shown: string[] = [];
  for (const block of blocks) {
    const { error, output } = await session.run(block);
    expect(error, block).toBeNull();
    shown.push(whole(output));
  }
  expect(shown).toEqual(["little is left 9 0.5 None\n", "", "7 Ada good\n"]);
  const { value } = await session.run("summary, counts");
  expect(value && whole(value)).toBe("('two', [2, 2])");
  expect(session.requests.flatMap(({ calls }) => calls).filter(({ kind }) => kind === "rlm")).toMatchObject([{ variables: '{"day":"a"}' }, { variables: '{"day":"a"}' }, { variables: '{"day":"b"}' }]);
});
