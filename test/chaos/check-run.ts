import type { ResultDocument } from "../../src/core/result.js";
import type { LedgerRow } from "../../src/testing/index.js";
import { answerOf, type Program } from "./program.js";

/** What the model server said to each prompt, every time it was asked. */
export type SaidTo = ReadonlyMap<string, readonly string[]>;

/** What is wrong with the end of a run; nothing when it ended as the undisturbed run does. */
export function runFaults(program: Program, result: ResultDocument, said: SaidTo, ledger: readonly LedgerRow[]): string[] {
  const { status, reason, llmCalls, outputs } = result;
  if (status !== "answered") return [`ended as ${status} (${reason})`];
  const replies = outputs?.["replies"];
  if (!Array.isArray(replies) || replies.length !== program.kept.length) return [`kept ${Array.isArray(replies) ? replies.length : "no"} replies instead of ${program.kept.length}`];
  const given = replies.map(String);
  const wrong = program.kept.flatMap((kept, i) => {
    const reply = given[i] ?? "";
    if ("prompt" in kept) return said.get(kept.prompt)?.includes(reply) === true ? [] : [`has "${reply}" as reply to "${kept.prompt}", which was never said`];
    const [tail, ...reversed] = reply.split("|").reverse();
    const parts = reversed.reverse();
    const right = parts.length === kept.prompts.length && tail === String(kept.tail) && kept.prompts.every((prompt, at) => said.get(prompt)?.includes(parts[at] ?? "") === true);
    return right ? [] : [`has "${reply}" from "${kept.child}"`];
  });
  const answer = answerOf(program, given);
  return [
    ...wrong,
    ...(outputs?.["answer"] === answer ? [] : [`answers ${String(outputs?.["answer"])} instead of ${answer}`]),
    ...(llmCalls === program.llmCalls ? [] : [`counts ${llmCalls} sub-calls instead of ${program.llmCalls}`]),
    ...limitFaults(program, ledger),
  ];
}

/** Of the model server's own books: the children of a run are calls, too, that it does not see. */
function limitFaults({ tag, kept, llmCalls, maxLlmCalls }: Program, ledger: readonly LedgerRow[]): string[] {
  const answered = new Set(ledger.filter((row) => row.answered && row.model === "scripted-sub" && row.lastUserTail.startsWith(`${tag} `)).map(({ idempotencyKey }) => idempotencyKey));
  const calls = answered.size + kept.filter((each) => "child" in each).length;
  const over = calls > maxLlmCalls ? [`was answered ${calls} calls; ${maxLlmCalls} are allowed`] : [];
  return calls === llmCalls ? over : [...over, `was answered ${calls} different calls instead of ${llmCalls}`];
}
