import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { TestCluster } from "./cluster.js";

export interface LongRun {
  readonly turns: number;
  /** Sub-calls that a turn makes at once. */
  readonly batch: number;
  /** Sub-calls that its last turn makes one after the other, in one cell. */
  readonly inOneCell: number;
  /** Told of each turn when its root call has arrived. */
  readonly onTurn: (turn: number) => void;
}

/** A generator that only a memory image keeps hashes all answers. */
const BEGIN = `import hashlib
def hashing():
    h = hashlib.sha256(); answers = yield
    while True:
        for each in answers: h.update(each.encode())
        answers = yield h.hexdigest()
H = hashing(); next(H)`;

/** Scripts a run of many turns and sub-calls. @returns the answer it must come to, and how many sub-calls that takes */
export function scriptLongRun(cluster: TestCluster, { turns, batch, inOneCell, onTurn }: LongRun): { readonly answer: string; readonly llmCalls: number } {
  const cellOf = (turn: number): string => {
    const asks = `d = H.send(llm_query_batched([f't${turn} {i}' for i in range(${batch})]))`;
    if (turn < turns) return turn === 1 ? `${BEGIN}\n${asks}` : asks;
    return `${asks}\nfor i in range(${inOneCell}): d = H.send([llm_query(f'last {i}')])\nSUBMIT(answer=d)`;
  };
  cluster.model.setRules([
    { name: "root", when: { model: "scripted-root" }, reply: ({ turn }) => (onTurn(turn), `\`\`\`python\n${cellOf(turn)}\n\`\`\``) },
    { name: "sub", when: { model: "scripted-sub" }, reply: ({ last }) => answerTo(last) },
  ]);
  const prompts = [
    ...Array.from({ length: turns }, (_, turn) => Array.from({ length: batch }, (__, i) => `t${turn + 1} ${i}`)).flat(),
    ...Array.from({ length: inOneCell }, (_, i) => `last ${i}`),
  ];
  const hash = createHash("sha256");
  for (const prompt of prompts) hash.update(answerTo(prompt));
  return { answer: hash.digest("hex"), llmCalls: prompts.length };
}

function answerTo(prompt: string): string {
  return createHash("sha256").update(prompt).digest("hex");
}

/** However many turns and calls a run has. A worker without runs takes some 200. */
export const MAX_WORKER_MB = 450;

/** Memory of one process in MB, its sandboxes not counted. */
export function rssMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}
