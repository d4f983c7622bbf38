import type { SettleChildArgs, SettledChild } from "../core/child-wire.js";
import type { Manifest } from "../core/manifest.js";
import type { ChildOutcome, StoredReply } from "../core/trajectory.js";
import { NO_USAGE } from "../core/usage.js";
import { findManifest } from "../journal/find-manifest.js";
import { readPackHeader } from "../journal/pack.js";
import type { ReplyScope, ReplyStore } from "../journal/reply-store.js";
import type { BlobStore } from "../store/blob-store.js";
import { ChildStillOpenError } from "./errors.js";

export interface ChildDeps {
  readonly store: BlobStore;
  readonly replies: ReplyStore;
  readonly nowMs: () => number;
}

/** What the child of a call used, if its outcome is stored. */
export async function findSettledChild({ replies }: ChildDeps, scope: ReplyScope, key: string): Promise<SettledChild | null> {
  const reply = (await replies.find(scope, [key])).byKey.get(key);
  return reply === undefined ? null : settledBy(reply);
}

/**
 * Stores what became of a child run as the outcome of its call; from then on the call is answered. The child's manifest tells it.
 *
 * @throws ChildStillOpenError there is no manifest yet, and the child is not known to be lost: ask again
 */
export async function settleChild(deps: ChildDeps, args: SettleChildArgs): Promise<SettledChild> {
  const { store, replies, nowMs } = deps;
  const header = await readPackHeader(store, args.pack);
  const key = header.calls[args.index]?.key;
  if (key === undefined) throw new RangeError(`Pack ${args.pack.digest} has ${header.calls.length} calls; call ${args.index} was asked for.`);
  const scope = { runUid: args.run.runUid, turn: header.turn, seq: header.seq };
  const settled = await findSettledChild(deps, scope, key);
  if (settled !== null) return settled;
  const manifest = await findManifest(store, args.workflowId);
  if (manifest === null && args.lost === null) throw new ChildStillOpenError(`Child run ${args.workflowId} has left no manifest yet.`);
  const reply = manifest === null ? lostReply(key, args, nowMs()) : replyOf(key, manifest);
  await replies.put(scope, reply);
  return settledBy(reply);
}

function replyOf(key: string, manifest: Manifest): StoredReply {
  const { workflowId, status, reason, outputsRef, llmCalls, failedCalls, toolCalls, usage, startedAtMs, closedAtMs } = manifest;
  const child: ChildOutcome = { workflowId, status, reason, llmCalls, failedCalls, toolCalls };
  const why = status === "cancelled" ? "the child run was cancelled" : `the child run failed: ${reason ?? "unknown"}`;
  const outcome = outputsRef === null ? { error: { kind: "rlm", message: why } } : { jsonRef: outputsRef };
  return { v: 1, key, outcome, child, model: "rlm", usage, startedAtMs, durationMs: closedAtMs - startedAtMs };
}

/** A child that was ended from outside left nothing: its whole share counts as used, because nobody knows better. */
function lostReply(key: string, { workflowId, lost, reserved }: SettleChildArgs, nowMs: number): StoredReply {
  const child: ChildOutcome = { workflowId, status: "failed", reason: lost, llmCalls: reserved, failedCalls: 0, toolCalls: 0 };
  return { v: 1, key, outcome: { error: { kind: "rlm", message: `the child run was lost: ${lost ?? "unknown"}` } }, child, model: "rlm", usage: NO_USAGE, startedAtMs: nowMs, durationMs: 0 };
}

function settledBy({ outcome, child, usage }: StoredReply): SettledChild {
  return { failed: "error" in outcome, llmCalls: child?.llmCalls ?? 0, failedCalls: child?.failedCalls ?? 0, toolCalls: child?.toolCalls ?? 0, usage };
}
