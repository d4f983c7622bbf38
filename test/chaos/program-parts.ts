import { SPIN_ROUNDS } from "./knobs.js";
import type { Random } from "./random.js";

/** One reply that a cell keeps: of the sub-model, or of a child run with the prompts of its own calls. */
export type Kept = { readonly prompt: string } | { readonly child: string; readonly prompts: readonly string[]; readonly tail: number };

/** A turn of a program: its code, what it keeps in order, and what it adds to the list of checks. */
export interface Part {
  readonly code: string;
  readonly kept: readonly Kept[];
  readonly checks: readonly number[];
  /** Sub-calls, child runs and theirs included. */
  readonly calls: number;
  /** The limit must leave this much when the turn begins. */
  readonly needs: number;
}

/** A fault of the scripted server that a prompt asks for; every distinct request meets its fault once. */
export type FaultMark = "429" | "500" | "hang" | "cut" | "malformed";

/** What earlier turns left: the generator has summed this much. */
interface Place {
  readonly tag: string;
  readonly turn: number;
  readonly total: number;
  /** One of these is met. */
  readonly faults: readonly FaultMark[];
}

const CHILD_CALLS = 3;
export const CHILD_ADDS = 5;

function prompts({ tag, turn, faults }: Place, count: number, random: Random, faulty: boolean): string[] {
  const hit = new Set(faulty ? [random.between([0, count - 1])] : []);
  return Array.from({ length: count }, (_, i) => `${tag} t${turn} ask ${i}${hit.has(i) ? ` [${random.pick(faults)}]` : ""}`);
}

/** The same in Python and here: work that a replay must repeat to the digit. */
function spin(rounds: number): number {
  let x = 1;
  for (let i = 0; i < rounds; i += 1) x = (x * 31 + i) % 1_000_003;
  return x;
}

function turnOf({ total, turn }: Place, random: Random, asked: readonly string[], code: string): Part {
  const rounds = random.between(SPIN_ROUNDS);
  return {
    code: `P = ${JSON.stringify(asked)}\nT.append(spin(${rounds}))\n${code}\nT.append(G.send(${turn}))`,
    kept: asked.map((prompt) => ({ prompt })), checks: [spin(rounds), total + turn], calls: asked.length, needs: asked.length,
  };
}

type MakePart = (place: Place, random: Random) => Part;

export const sequential: MakePart = (place, random) => turnOf(place, random, prompts(place, random.between([3, 5]), random, true), "for p in P: R.append(llm_query(p))");
export const batched: MakePart = (place, random) => turnOf(place, random, prompts(place, random.between([4, 12]), random, true), "R += llm_query_batched(P)");
/** More than 16 calls go in slices, several to an activity. */
export const sliced: MakePart = (place, random) => turnOf(place, random, prompts(place, random.between([18, 40]), random, true), "R += llm_query_batched(P)");
export const gathered: MakePart = (place, random) =>
  turnOf(place, random, prompts(place, random.between([5, 9]), random, false), "import asyncio\nR += await asyncio.gather(*[llm_query_async(p) for p in P])");

export const recursive: MakePart = (place, random) => {
  const { tag, turn, total } = place;
  const names = Array.from({ length: random.between([1, 2]) }, (_, i) => `${tag} t${turn} child ${i}`);
  const kept = names.map((child): Kept => ({ child, prompts: Array.from({ length: CHILD_CALLS }, (_, i) => `${child} part ${i}`), tail: total + CHILD_ADDS }));
  const calls = names.length * (1 + CHILD_CALLS);
  return {
    code: `R += rlm_query_batched([('${tag}-CHILD', {'name': n}) for n in ${JSON.stringify(names)}])\nT.append(G.send(${turn}))`,
    kept, checks: [total + turn], calls,
    // What is left is divided among the children and their parent.
    needs: names.length + (names.length + 1) * CHILD_CALLS,
  };
};
