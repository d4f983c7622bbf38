import { expect, it } from "vitest";
import { openCellSession } from "../helpers/cell-session.js";
import { whole } from "../helpers/whole-text.js";

it("budget() tells what is left of turns, calls, tokens, money and time", async () => {
  await using session = await openCellSession({ maxLlmCalls: 5, left: { tokensLeft: 12_345, usdLeft: 0.3 - 0.1, msLeft: 90_500 } });
  const { value } = await session.run("llm_query('x')\nbudget()");
  expect(value && whole(value)).toBe(
    "{'turn': 1, 'max_turns': 10, 'turns_left': 9, 'llm_calls_used': 1, 'max_llm_calls': 5, 'llm_calls_left': 4, 'tokens_left': 12345, 'usd_left': 0.2, 'seconds_left': 90.5}",
  );
});

it("budget() has None for limits that the run does not have", async () => {
  await using session = await openCellSession();
  const { value } = await session.run("b = budget()\nb['tokens_left'], b['usd_left'], b['seconds_left']");
  expect(value && whole(value)).toBe("(None, None, None)");
});
