import type { ScriptedRule } from "../testing/scripted-rule.js";
import { readWindow } from "./read-window.js";
import { ROOT_TURNS } from "./root-script.js";
import { parseWindowPrompt, SUB_PROMPT_MARK } from "./sub-prompt.js";

export interface DemoModelOptions {
  /** Time of a root call. @default [600, 1200], about that of a fast real model; 0 in tests */
  readonly rootDelayMs?: number | readonly [min: number, max: number];
  /** Time of a sub-call. @default [300, 900] */
  readonly subDelayMs?: number | readonly [min: number, max: number];
}

/**
 * Rules of the demo's scripted model, for use without a key. The root model follows a script of five turns; the sub-model reads each piece of
 * the log by its wording. Neither knows what the log generator hid.
 */
export function demoModelRules({ rootDelayMs = [600, 1200], subDelayMs = [300, 900] }: DemoModelOptions = {}): readonly ScriptedRule[] {
  return [
    { name: "demo-sub", when: { last: SUB_PROMPT_MARK }, delayMs: subDelayMs, reply: (request) => answerWindow(request.last) },
    { name: "demo-root", delayMs: rootDelayMs, turns: ROOT_TURNS },
  ];
}

function answerWindow(prompt: string): string {
  const window = parseWindowPrompt(prompt);
  if (window === null) throw new Error("the demo's sub-model only understands the prompts of the demo's root model");
  return JSON.stringify(readWindow(window));
}
