import type { StoredReply } from "../src/core/trajectory.js";
import { NO_USAGE, addUsage } from "../src/core/usage.js";
import type { CallArgs, CallResult, CallSliceArgs, CallSliceResult } from "../src/core/call-wire.js";
import type { RunSpec } from "../src/core/run-spec.js";
import { ModelCallError } from "../src/model/errors.js";
import type { CallWatch } from "../src/runner/model-caller.js";
import { readPackHeader } from "../src/journal/pack.js";
import { getRecord } from "../src/journal/records.js";
import { runPool } from "./run-pool.js";
import type { CallDeps } from "./deps.js";
import { tellingTries } from "./earlier-tries.js";
import { withContext } from "./with-context.js";

/** Sub-model calls. Their replies are in the store under their call keys; only counts come back. */
export function createCallActivities(deps: CallDeps) {
  return {
    callLlm: (args: CallArgs): Promise<CallResult> => withContext(({ signal, progress }) => callOnce(deps, args, signal, progress)),
    callLlmSlice: (args: CallSliceArgs): Promise<CallSliceResult> => withContext(({ signal, progress }) => tellingTries((earlier) => callSlice(deps, args, { signal, earlier }, progress))),
  };
}

export async function callOnce({ store, caller }: CallDeps, args: CallArgs, signal: AbortSignal, progress: (details: object) => void): Promise<CallResult> {
  const { models } = await getRecord<RunSpec>(store, args.specRef);
  const onProgress = (receivedChars: number): void => progress({ receivedChars });
  return tellingTries(async (earlier) => toResult(await caller.callOfPack(args.run.runUid, args.pack, args.index, models, { signal, onProgress, earlier })));
}

/**
 * Settles every call of a slice. Calls that meet a retryable error do not stop the others; when all are through, the error that asks for the longest
 * pause is thrown, and the next try of the activity sends what is not stored yet.
 */
async function callSlice({ store, caller }: CallDeps, args: CallSliceArgs, watch: CallWatch, progress: (details: object) => void): Promise<CallSliceResult> {
  const [{ models }, header] = await Promise.all([getRecord<RunSpec>(store, args.specRef), readPackHeader(store, args.pack)]);
  const indices = Array.from({ length: args.count }, (_, i) => args.start + i);
  let result: CallSliceResult = { answered: 0, failed: 0, usage: NO_USAGE };
  let retryable: ModelCallError | null = null;
  await runPool(indices, args.concurrency, async (index) => {
    try {
      const { failed, usage } = toResult(await caller.callOfHeader(args.run.runUid, args.pack, header, index, models, watch));
      result = { answered: result.answered + (failed ? 0 : 1), failed: result.failed + (failed ? 1 : 0), usage: addUsage(result.usage, usage) };
      progress({ done: result.answered + result.failed, of: indices.length });
    } catch (error) {
      if (!(error instanceof ModelCallError) || error.errorClass !== "retryable") throw error;
      if (retryable === null || pauseMs(error) > pauseMs(retryable)) retryable = error;
    }
  });
  if (retryable !== null) throw retryable as ModelCallError;
  return result;
}

function pauseMs({ details }: ModelCallError): number {
  return details.retryAfterMs ?? 0;
}

function toResult(reply: StoredReply): CallResult {
  return { failed: "error" in reply.outcome, usage: reply.usage };
}
