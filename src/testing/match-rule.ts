import type { ScriptedCondition, ScriptedRequest, ScriptedRule } from "./scripted-rule.js";

type Asked = Omit<ScriptedRequest, "groups" | "nonce" | "signal">;

/** The first rule whose conditions hold, with the groups its RegExp found; `null` when none does. */
export function matchRule(rules: readonly ScriptedRule[], asked: Asked): { rule: ScriptedRule; groups: readonly string[] } | null {
  for (const rule of rules) {
    const groups = matchCondition(rule.when ?? {}, asked);
    if (groups !== null) return { rule, groups };
  }
  return null;
}

/** Refuses rules that could never do what their author meant. Throws `TypeError` naming the rule. */
export function assertRules(rules: readonly ScriptedRule[]): void {
  for (const [index, rule] of rules.entries()) {
    if (typeof rule.name !== "string" || rule.name === "") throw new TypeError(`Scripted rule ${index} has no name. Give it one: { name: "root", … }.`);
    if ((rule.reply === undefined) === (rule.turns === undefined)) {
      throw new TypeError(`Scripted rule "${rule.name}" must have exactly one of reply and turns.`);
    }
  }
}

function matchCondition(when: ScriptedCondition, asked: Asked): readonly string[] | null {
  if (when.model !== undefined && !(typeof when.model === "string" ? asked.model === when.model : found(when.model, asked.model))) return null;
  if (when.turn !== undefined) {
    const [first, last] = typeof when.turn === "number" ? [when.turn, when.turn] : when.turn;
    if (asked.turn < first || asked.turn > last) return null;
  }
  if (when.system !== undefined && found(when.system, asked.system) === null) return null;
  const any = when.any === undefined ? [] : found(when.any, asked.messages.map((message) => message.text).join("\n"));
  if (any === null) return null;
  const last = when.last === undefined ? [] : found(when.last, asked.last);
  if (last === null) return null;
  return last.length > 0 ? last : any;
}

/** Groups of the first hit (none for a substring), or `null`. `search` state of sticky and global expressions is not touched. */
function found(pattern: string | RegExp, text: string): readonly string[] | null {
  if (typeof pattern === "string") return text.includes(pattern) ? [] : null;
  const hit = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, "")).exec(text);
  return hit === null ? null : hit.slice(1).map((group) => group ?? "");
}
