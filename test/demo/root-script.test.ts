import { randomInt } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { DEMO_TASK } from "../../src/demo/demo-task.js";
import { generateIncidentLog } from "../../src/demo/incident-log.js";
import { readWindow } from "../../src/demo/read-window.js";
import { ROOT_TURNS } from "../../src/demo/root-script.js";
import { parseWindowPrompt } from "../../src/demo/sub-prompt.js";
import { createScriptRunner } from "./python-script.js";

const CELLS = ROOT_TURNS.map((reply) => /```python\n(.*)\n```$/s.exec(reply)?.[1] ?? "no code in this turn");

function answer(prompt: string): string {
  const window = parseWindowPrompt(prompt);
  if (window === null) throw new Error("not a prompt of the root script");
  return JSON.stringify(readWindow(window));
}

describe("the scripted root model's Python", () => {
  let run: Awaited<ReturnType<typeof createScriptRunner>>;
  beforeAll(async () => void (run = await createScriptRunner()));

  // New seeds at every run: the answer is found, not written down.
  it.each(Array.from({ length: 3 }, () => randomInt(2 ** 31)))("finds the service that failed first, why, and the telling line, in the log of seed %i", async (seed) => {
    const { chunks, truth } = generateIncidentLog({ seed, bytes: 2_000_000 });
    const { submitted, prompts } = await run(CELLS, { logs: [...chunks].join(""), question: DEMO_TASK.question }, answer);
    expect(submitted).toEqual({ service: truth.firstFailedService, cause: truth.cause, evidence: truth.firstSignLine });
    expect(prompts.length).toBeGreaterThanOrEqual(30);
    // Below the default limit of 50 sub-calls.
    expect(prompts.length).toBeLessThanOrEqual(48);
    expect(Math.max(...prompts.map((prompt) => prompt.length))).toBeLessThan(4_000);
  });
});
