import type { CallCounts } from "../src/core/call-counts.js";
import { planSlices, type SlicePlan } from "../src/core/slices.js";
import type { BlobRef } from "../src/core/blob-ref.js";
import { NO_USAGE, addUsage, type Usage } from "../src/core/usage.js";
import type { RunKey } from "../src/core/wire.js";
import type { ActivityProxies } from "./activity-proxies.js";
import { dispatchToolCalls } from "./dispatch-tool-calls.js";

export interface CallsToMake {
  readonly run: RunKey;
  readonly specRef: BlobRef;
  readonly turn: number;
  readonly pack: BlobRef;
  readonly counts: CallCounts;
  readonly maxConcurrency: number;
  /** Passed before each activity: a paused run sends nothing new. */
  readonly gate: () => Promise<void>;
}

export interface CallsMade {
  readonly answered: number;
  readonly failed: number;
  readonly usage: Usage;
}

/** Makes the calls of one suspension, all kinds at the same time, and returns when every one of them is settled. */
export async function dispatchCalls(calls: CallsToMake, proxies: ActivityProxies): Promise<CallsMade> {
  const [models, tools] = await Promise.allSettled([dispatchModelCalls(calls, proxies), dispatchToolCalls(calls, proxies)]);
  if (tools.status === "rejected") throw tools.reason;
  if (models.status === "rejected") throw models.reason;
  return models.value;
}

/**
 * A few calls are an activity each; many go in slices: the dispatch of 1,000 activities alone takes 2.6 s and 3,000 events. When one is blocked, the others are waited for first: what they answered is
 * stored, and a later dispatch of the same calls sends only what is missing.
 */
async function dispatchModelCalls(calls: CallsToMake, proxies: ActivityProxies): Promise<CallsMade> {
  const { lanes } = planSlices({ count: calls.counts.llm, maxConcurrency: calls.maxConcurrency });
  const made = await Promise.allSettled(lanes.map((lane) => dispatchLane(calls, lane, proxies)));
  const failed = made.find((lane) => lane.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return made.reduce((sum, lane) => (lane.status === "fulfilled" ? add(sum, lane.value) : sum), NOTHING_MADE);
}

async function dispatchLane(calls: CallsToMake, { concurrency, slices }: SlicePlan["lanes"][number], proxies: ActivityProxies): Promise<CallsMade> {
  const { run, specRef, turn, pack, gate } = calls;
  let sum = NOTHING_MADE;
  for (const [start, count] of slices) {
    await gate();
    if (count === 1) {
      const { failed, usage } = await proxies.llm(`turn ${turn}, call ${start + 1}`).callLlm({ run, specRef, turn, pack, index: start });
      sum = add(sum, { answered: failed ? 0 : 1, failed: failed ? 1 : 0, usage });
    } else {
      const slice = proxies.llm(`turn ${turn}, calls ${start + 1}–${start + count}`);
      sum = add(sum, await slice.callLlmSlice({ run, specRef, turn, pack, start, count, concurrency }));
    }
  }
  return sum;
}

const NOTHING_MADE: CallsMade = { answered: 0, failed: 0, usage: NO_USAGE };

function add(a: CallsMade, b: CallsMade): CallsMade {
  return { answered: a.answered + b.answered, failed: a.failed + b.failed, usage: addUsage(a.usage, b.usage) };
}
