import { createHash } from "node:crypto";
import { PYTHON_DIGEST } from "../helpers/nonce-replies.js";
import { BIG_BYTES } from "./knobs.js";
import { batched, CHILD_ADDS, gathered, recursive, sequential, sliced, type FaultMark, type Kept, type Part } from "./program-parts.js";
import type { Random } from "./random.js";

/** What a run does, decided by its seed, and what it must answer whatever happens to it. */
export interface Program {
  /** Begins every prompt of the run. */
  readonly tag: string;
  readonly cells: readonly string[];
  readonly childCells: readonly string[];
  readonly kept: readonly Kept[];
  readonly checks: readonly (number | string)[];
  /** Answered sub-calls at the end. */
  readonly llmCalls: number;
  readonly maxLlmCalls: number;
}

/** A generator under way: state that only a memory image keeps. It sums what it is sent. */
const SETUP = `${PYTHON_DIGEST}
def sums():
    total = 0
    while True: total += (yield total)
G = sums(); next(G)
R, T = [], []
def spin(n):
    x = 1
    for i in range(n): x = (x * 31 + i) % 1000003
    return x
`;

const BIG = `import random, zlib\nBIG = random.Random(7).randbytes(${BIG_BYTES})\nCRC = zlib.crc32(BIG)\n`;
/** Every byte of it is another. */
const OTHER_BIG = "BIG = BIG.translate(bytes(range(255, -1, -1)))\nCRC = zlib.crc32(BIG)";
const FAULTS: readonly FaultMark[] = ["429", "500", "hang", "cut", "malformed"];

export interface ProgramTraits {
  /** Its memory is so large that a snapshot is written beside the next model call: in the first turn, or in every one. */
  readonly big: "never" | "once" | "always";
  /** A call of a batch is told to come again later. Calls of slices, and those that are fused with their cell, are waited for by the workflow, where nobody sees it. */
  readonly waits: boolean;
}

export function makeProgram(tag: string, random: Random, { big, waits }: ProgramTraits): Program {
  const makers = random.shuffled([sequential, waits || random.chance(0.5) ? batched : sliced, gathered, recursive]);
  const faults = waits ? (["429"] as const) : FAULTS;
  let total = 1;
  const parts = makers.map((make, i): Part => {
    const part = make({ tag, turn: i + 2, total, faults }, random);
    total += i + 2;
    return part;
  });
  const llmCalls = parts.reduce((sum, { calls }) => sum + calls, 0);
  const needed = parts.map(({ needs }, i) => parts.slice(0, i).reduce((sum, { calls }) => sum + calls, 0) + needs);
  const maxLlmCalls = Math.max(llmCalls, ...needed) + random.between([0, 1]);
  const left = maxLlmCalls - llmCalls;
  // One more than is left: all of it is refused, and nothing is sent.
  const tooMuch = `try:\n    llm_query_batched(['${tag} too much'] * ${left + 1})\nexcept LlmCallLimitExceeded as e:\n    T.append(e.used)`;
  const end = `${tooMuch}\n${big === "never" ? "" : "T.append(int(zlib.crc32(BIG) == CRC))\n"}SUBMIT(answer=digest(R, T), replies=R)`;
  return {
    tag,
    cells: [`${SETUP}${big === "never" ? "" : BIG}T.append(G.send(1))`, ...parts.map(({ code }) => (big === "always" ? `${code}\n${OTHER_BIG}` : code)), end],
    childCells: ["got = llm_query_batched([f'{name} part {i}' for i in range(3)])\nspun = spin(200_000)", `SUBMIT(answer='|'.join([*got, str(G.send(${CHILD_ADDS}))]))`],
    kept: parts.flatMap(({ kept }) => kept),
    checks: [1, ...parts.flatMap(({ checks }) => checks), llmCalls, ...(big === "never" ? [] : [1])],
    llmCalls,
    maxLlmCalls,
  };
}

/** The answer of the undisturbed run that was given these replies. */
export function answerOf(program: Program, replies: readonly string[]): string {
  return createHash("sha256").update([...replies, `[${program.checks.join(", ")}]`].join("|")).digest("hex");
}
