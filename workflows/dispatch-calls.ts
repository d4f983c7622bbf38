import { sleep } from "@temporalio/workflow";
import { planSlices } from "../src/core/slices.js";
import type { BlobRef } from "../src/core/blob-ref.js";
import { NO_USAGE, addUsage, type Usage } from "../src/core/usage.js";
import type { CallSliceArgs } from "../src/core/call-wire.js";
import type { RunKey } from "../src/core/wire.js";
import type { ActivityProxies } from "./activity-proxies.js";
import type { BlockedGate } from "./blocking.js";

export interface CallsToMake {
  readonly run: RunKey;
  readonly specRef: BlobRef;
  readonly turn: number;
  readonly pack: BlobRef;
  readonly count: number;
  readonly maxConcurrency: number;
}

export interface CallsMade {
  readonly answered: number;
  readonly failed: number;
  readonly usage: Usage;
}

interface Tools {
  readonly proxies: ActivityProxies;
  readonly gate: BlockedGate;
}

/** Longest pause between two rounds of a slice's failed calls. */
const MAX_ROUND_DELAY_MS = 30_000;

/**
 * Makes the calls of one suspension and returns when every one of them is settled. A few calls are an activity each; many go in slices: the
 * dispatch of 1,000 activities alone takes 2.6 s and 3,000 events.
 */
export async function dispatchCalls(calls: CallsToMake, tools: Tools): Promise<CallsMade> {
  const { lanes } = planSlices({ count: calls.count, maxConcurrency: calls.maxConcurrency });
  const made = await Promise.all(
    lanes.map(async ({ concurrency, slices }) => {
      let sum: CallsMade = { answered: 0, failed: 0, usage: NO_USAGE };
      for (const [start = 0, count = 0] of slices) {
        const settled = count === 1 ? await single(calls, start, tools) : await slice(calls, { start, count }, concurrency, tools);
        sum = add(sum, settled);
      }
      return sum;
    }),
  );
  return made.reduce(add, { answered: 0, failed: 0, usage: NO_USAGE });
}

async function single({ run, specRef, turn, pack }: CallsToMake, index: number, { proxies, gate }: Tools): Promise<CallsMade> {
  const { failed, usage } = await gate.through(() => proxies.llm(`turn ${turn}, call ${index + 1}`).callLlm({ run, specRef, turn, pack, index }));
  return { answered: failed ? 0 : 1, failed: failed ? 1 : 0, usage };
}

/** What met a retryable error comes back and goes out again, after the pause that the provider asked for. */
async function slice(
  { run, specRef, turn, pack }: CallsToMake,
  whole: { readonly start: number; readonly count: number },
  concurrency: number,
  { proxies, gate }: Tools,
): Promise<CallsMade> {
  let sum: CallsMade = { answered: 0, failed: 0, usage: NO_USAGE };
  let indices: CallSliceArgs["indices"] = whole;
  for (let round = 1; ; round += 1) {
    const args: CallSliceArgs = { run, specRef, turn, pack, indices, concurrency };
    const summary = `turn ${turn}, calls ${whole.start + 1}–${whole.start + whole.count}`;
    const result = await gate.through(() => proxies.llm(summary).callLlmSlice(args));
    sum = add(sum, result);
    if (result.retry.length === 0) return sum;
    indices = { list: result.retry };
    await sleep(Math.min(MAX_ROUND_DELAY_MS, Math.max(result.retryAfterMs, 500 * 2 ** Math.min(round, 6))));
  }
}

function add(a: CallsMade, b: CallsMade): CallsMade {
  return { answered: a.answered + b.answered, failed: a.failed + b.failed, usage: addUsage(a.usage, b.usage) };
}
