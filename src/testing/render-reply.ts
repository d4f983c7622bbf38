import type { ScriptedReply, ScriptedRequest, ScriptedRule } from "./scripted-rule.js";

/** The script has no turn for this request. Answered as 404 `script_ended`, so that a script that is too short cannot pass unnoticed. */
export class ScriptEndedError extends Error {
  override readonly name = "ScriptEndedError";
}

/** Text of the answer of a rule. Throws `ScriptEndedError`, and whatever a reply function throws. */
export async function renderReply(rule: ScriptedRule, request: ScriptedRequest): Promise<string> {
  const reply = chooseReply(rule, request.turn);
  return typeof reply === "string" ? fillIn(reply, request) : reply(request);
}

function chooseReply(rule: ScriptedRule, turn: number): ScriptedReply {
  if (rule.turns === undefined) return rule.reply ?? "";
  const reply = rule.turns[turn - 1];
  if (reply !== undefined) return reply;
  throw new ScriptEndedError(`rule "${rule.name}" has ${rule.turns.length} turns and was asked for turn ${turn}; give it more turns, or make its last one end the run`);
}

function fillIn(text: string, request: ScriptedRequest): string {
  return text.replace(/\{\{(nonce|turn|model|[1-9])\}\}/g, (_, name: string) => {
    if (name === "nonce") return request.nonce;
    if (name === "turn") return String(request.turn);
    if (name === "model") return request.model;
    return request.groups[Number(name) - 1] ?? "";
  });
}
