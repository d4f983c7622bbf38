import type { StoredReply } from "../src/core/trajectory.js";
import { NO_USAGE, addUsage } from "../src/core/usage.js";
import type { CallArgs, CallResult, CallSliceArgs, CallSliceResult } from "../src/core/call-wire.js";
import type { RunSpec } from "../src/core/run-spec.js";
import { readPackHeader } from "../src/journal/pack.js";
import { getRecord } from "../src/journal/records.js";
import { runPool } from "./run-pool.js";
import type { CallDeps } from "./deps.js";
import { withContext } from "./with-context.js";

/** Sub-model calls. Their replies are in the store under their call keys; only counts come back. */
export function createCallActivities(deps: CallDeps) {
  return {
    callLlm: (args: CallArgs): Promise<CallResult> => withContext(({ signal, progress }) => callOnce(deps, args, signal, progress)),
    callLlmSlice: (args: CallSliceArgs): Promise<CallSliceResult> => withContext(({ signal, progress }) => callSlice(deps, args, signal, progress)),
  };
}

export async function callOnce({ store, caller }: CallDeps, args: CallArgs, signal: AbortSignal, progress: (details: unknown) => void): Promise<CallResult> {
  const { models } = await getRecord<RunSpec>(store, args.specRef);
  const onProgress = (receivedChars: number): void => progress({ receivedChars });
  return toResult(await caller.callOfPack(args.run.runUid, args.pack, args.index, models, { signal, onProgress }));
}

async function callSlice({ store, caller }: CallDeps, args: CallSliceArgs, signal: AbortSignal, progress: (details: unknown) => void): Promise<CallSliceResult> {
  const [{ models }, header] = await Promise.all([getRecord<RunSpec>(store, args.specRef), readPackHeader(store, args.pack)]);
  const indices = "list" in args.indices ? args.indices.list : range(args.indices.start, args.indices.count);
  let result: CallSliceResult = { answered: 0, failed: 0, retry: [], retryAfterMs: 0, usage: NO_USAGE };
  await runPool(indices, args.concurrency, async (index) => {
    try {
      const { failed, usage } = toResult(await caller.callOfHeader(args.run.runUid, args.pack, header, index, models, { signal }));
      result = { ...result, answered: result.answered + (failed ? 0 : 1), failed: result.failed + (failed ? 1 : 0), usage: addUsage(result.usage, usage) };
      progress({ done: result.answered + result.failed, of: indices.length });
    } catch (error) {
      const retryAfterMs = retryableAfterMs(error);
      if (retryAfterMs === null) throw error;
      result = { ...result, retry: [...result.retry, index], retryAfterMs: Math.max(result.retryAfterMs, retryAfterMs) };
    }
  });
  return result;
}

function toResult(reply: StoredReply): CallResult {
  return { failed: "error" in reply.outcome, usage: reply.usage };
}

/** Pause before another attempt, or `null` when the error is not one of the retryable model errors. */
function retryableAfterMs(error: unknown): number | null {
  if (!(error instanceof Error) || error.name !== "ModelCallError") return null;
  const { errorClass, details } = error as Error & { errorClass?: unknown; details?: { retryAfterMs?: number } };
  return errorClass === "retryable" ? (details?.retryAfterMs ?? 0) : null;
}

function range(start: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => start + i);
}
