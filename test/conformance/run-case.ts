import { readFileSync } from "node:fs";
import { parse, type LosslessNumber } from "lossless-json";
import type { CaseTool } from "./case-tool.js";
import type { ScriptedRule } from "../../src/testing/index.js";

/** One case of data/runs.json or data/more-runs.json; the format is described in data/README.md. */
export interface RunCase {
  readonly group: string;
  readonly name: string;
  readonly signature: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The root model's script; the last entry repeats. `reply`: the whole text as it is. */
  readonly turns: readonly RootTurn[];
  readonly extract: Readonly<Record<string, unknown>> | null;
  readonly options: { readonly max_iters?: LosslessNumber; readonly max_llm_calls?: LosslessNumber; readonly max_output_chars?: LosslessNumber };
  readonly llm?: { readonly prefix: string };
  readonly tools?: readonly CaseTool[];
  readonly expect: RunExpectation;
}

export type RootTurn = { readonly reasoning: string; readonly code: string | null } | { readonly raise: string } | { readonly reply: string };

export interface RunExpectation {
  readonly stop: "submit" | "extract" | "error";
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly turns?: LosslessNumber;
  readonly degraded?: boolean;
  readonly root_calls?: LosslessNumber;
  readonly error_contains?: string;
  readonly at?: "construction";
  readonly observations?: readonly { readonly any?: boolean; readonly contains?: string; readonly equals?: string }[];
  readonly first_prompt?: Mentions;
  readonly prompt_after?: readonly (Mentions & { readonly turn: LosslessNumber })[];
}

/** `a|b`: one of them. */
export interface Mentions {
  readonly contains?: readonly string[];
  readonly not_contains?: readonly string[];
}

export function loadRunCases(file: string): readonly RunCase[] {
  return parse(readFileSync(new URL(`data/${file}`, import.meta.url), "utf8")) as RunCase[];
}

/** The case's models as rules. A turn that raises is a failing request, and no turn of the conversation. */
export function rulesOf({ turns, extract, llm }: RunCase): readonly ScriptedRule[] {
  const replies = turns.flatMap((turn) => ("raise" in turn ? [] : [replyOf(turn)]));
  const reply = (turn: number): string => replies[Math.min(turn, replies.length) - 1] ?? "";
  const root = { model: "scripted-root" };
  return [
    { name: "extract", when: { ...root, last: "Reply with one JSON object" }, reply: JSON.stringify(extract) },
    ...turns.flatMap((turn, index): ScriptedRule[] =>
      "raise" in turn ? [{ name: "root", when: { ...root, turn: index + 1 }, reply: reply(index + 1), fault: { type: "status", status: 500, times: 1, body: { error: { message: turn.raise } } } }] : [],
    ),
    { name: "root", when: root, reply: (request) => reply(request.turn) },
    { name: "sub", reply: (request) => `${llm?.prefix ?? ""}${request.last}` },
  ];
}

function replyOf(turn: Exclude<RootTurn, { raise: string }>): string {
  if ("reply" in turn) return turn.reply;
  const { reasoning, code } = turn;
  if (code === null) return reasoning;
  return /```|~~~/.test(code) ? `${reasoning}\n${code}` : `${reasoning}\n\`\`\`python\n${code}\n\`\`\``;
}
