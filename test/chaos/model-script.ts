import type { ScriptedRule } from "../../src/testing/index.js";
import { RETRY_AFTER_S, ROOT_DELAY_MS, ROOT_FAILS_EVERY, SUB_DELAY_MS } from "./knobs.js";
import type { Program } from "./program.js";

const turnsOf = (cells: readonly string[]): string[] => cells.map((cell) => `Next step.\n\n\`\`\`python\n${cell}\n\`\`\``);

/** A reply that has just been made for a prompt of a run. */
export type OnReply = (prompt: string, nonce: string) => void;

/** Rules of all runs of a world. Replies of the sub-model are nonces: a call that was sent twice has two different ones. */
export function modelScript(programs: readonly Program[], onReply: OnReply): ScriptedRule[] {
  const roots = programs.flatMap(({ tag, cells, childCells }): ScriptedRule[] => {
    const root = { delayMs: ROOT_DELAY_MS, fault: { type: "status" as const, status: 500, every: ROOT_FAILS_EVERY } };
    return [
      { ...root, name: `${tag} child`, when: { model: "scripted-root", system: `${tag}-CHILD` }, turns: turnsOf(childCells) },
      { ...root, name: `${tag} root`, when: { model: "scripted-root", system: `${tag}-TOP` }, turns: turnsOf(cells) },
    ];
  });
  const reply: ScriptedRule["reply"] = ({ last, nonce }) => {
    onReply(last, nonce);
    return nonce;
  };
  const sub = { reply, delayMs: SUB_DELAY_MS };
  const faulty = (mark: string, fault: ScriptedRule["fault"]): ScriptedRule => ({ ...sub, name: `sub ${mark}`, when: { model: "scripted-sub", last: `[${mark}]` }, ...(fault !== undefined && { fault }) });
  const once = { times: 1, per: "body" } as const;
  return [
    ...roots,
    faulty("429", { type: "status", status: 429, headers: { "retry-after": String(RETRY_AFTER_S) }, ...once }),
    faulty("500", { type: "status", status: 500, ...once }),
    faulty("hang", { type: "hang", ...once }),
    faulty("cut", { type: "truncate", ...once }),
    faulty("malformed", { type: "malformed", ...once }),
    { ...sub, name: "sub", when: { model: "scripted-sub" } },
  ];
}
