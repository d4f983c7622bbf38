import type { RlmCallRequest } from "../core/cell.js";
import { NO_RETRIES, type StoredReply } from "../core/trajectory.js";
import { NO_USAGE } from "../core/usage.js";
import { childWorkflowId } from "../journal/child-key.js";
import { readPackCall, type GivenAnswer, type ReadPackHeader } from "../journal/pack.js";
import type { BlobRef } from "../core/blob-ref.js";
import type { BlobStore } from "../store/blob-store.js";
import type { TrajectoryCall } from "./trajectory-document.js";

/** A call without the turns of its child run. */
export type PlainCall = Omit<TrajectoryCall, "child"> & {
  /** Id of the child run that it is, begun or not. */
  readonly childId: string | null;
};

export interface StoredCall {
  readonly ref: BlobRef;
  readonly header: ReadPackHeader;
  /** Place in `header.calls`. */
  readonly at: number;
  /** Place among the calls of the turn, in program order. */
  readonly index: number;
  readonly reply: StoredReply | undefined;
  /** What its suspension was given; `null`: nothing yet. */
  readonly answer: GivenAnswer | null;
  /** The run that made it. */
  readonly parentId: string;
}

/** A call with what it was answered, as readers of runs are shown it. */
export async function readCall(store: BlobStore, { ref, header, at, index, reply, answer, parentId }: StoredCall): Promise<PlainCall> {
  const { kind, name, key, body } = await readPackCall(store, ref, header, at);
  const isTool = kind === "tool";
  return {
    index,
    kind,
    model: isTool ? null : (reply?.model ?? name),
    tool: isTool ? name : null,
    prompt: kind === "rlm" ? (JSON.parse(body) as RlmCallRequest).task : body,
    ...(await told(store, reply, answer)),
    childId: kind === "rlm" ? (reply?.child?.workflowId ?? childWorkflowId(parentId, header.turn, at, key)) : null,
  };
}

/** Places in `calls`, in program order: a pack keeps them by kind. */
export function programOrder({ calls }: Pick<ReadPackHeader, "calls">): readonly number[] {
  return [...calls.keys()].sort((a, b) => (calls[a]?.slot ?? 0) - (calls[b]?.slot ?? 0));
}

async function told(store: BlobStore, reply: StoredReply | undefined, answer: GivenAnswer | null): Promise<Pick<TrajectoryCall, "reply" | "error" | "usage" | "ms" | "retries">> {
  if (reply === undefined) return { reply: null, error: refusal(answer), usage: NO_USAGE, ms: 0, retries: NO_RETRIES };
  const { outcome, usage, durationMs: ms, retries = NO_RETRIES } = reply;
  if ("error" in outcome) return { reply: null, error: outcome.error, usage, ms, retries };
  if ("text" in outcome) return { reply: outcome.text, error: null, usage, ms, retries };
  const json = "json" in outcome ? outcome.json : Buffer.from(await store.get(outcome.jsonRef.digest)).toString("utf8");
  return { reply: json, error: null, usage, ms, retries };
}

function refusal(answer: GivenAnswer | null): TrajectoryCall["error"] {
  if (answer === null || answer.refused === null) return null;
  const { of, used, asked, max } = answer.refused;
  return { kind: "limit", message: `Not sent: ${used} of ${max} ${of === "tool" ? "tool calls" : "sub-calls"} were used and ${asked} more were asked for.` };
}
