import type { BlobRef } from "../core/blob-ref.js";
import type { RlmCallRequest } from "../core/cell.js";
import type { StoredReply } from "../core/trajectory.js";
import { NO_USAGE } from "../core/usage.js";
import { childWorkflowId } from "../journal/child-key.js";
import { readPackCall, readPackChain, type GivenAnswer } from "../journal/pack.js";
import type { ReplyStore } from "../journal/reply-store.js";
import type { BlobStore } from "../store/blob-store.js";
import type { TrajectoryCall, TrajectoryTurn } from "./trajectory-document.js";

/** How calls that were child runs are looked into. */
export interface ChildReader {
  /** Id of the run whose calls are read; children that are under way are found by it. */
  readonly parentId: string;
  /** Turns of a run; `null`: there is none under this id. */
  readonly turns: (workflowId: string) => Promise<readonly TrajectoryTurn[] | null>;
}

/** The host calls of a cell with the replies it was given, in program order. */
export async function readCalls(store: BlobStore, replies: ReplyStore, runUid: string, packHead: BlobRef | null, children: ChildReader): Promise<readonly TrajectoryCall[]> {
  const packs = await readPackChain(store, packHead);
  const calls: TrajectoryCall[] = [];
  for (const [i, { ref, header }] of packs.entries()) {
    const answer = packs[i + 1]?.header.previousAnswer ?? null;
    const keys = header.calls.map(({ key }) => key);
    const { byKey } = await replies.find({ runUid, turn: header.turn, seq: header.seq }, keys, answer?.files);
    const inProgramOrder = [...header.calls.entries()].sort(([, a], [, b]) => a.slot - b.slot);
    for (const [index, { kind, name, key }] of inProgramOrder) {
      const { body } = await readPackCall(store, ref, header, index);
      const reply = byKey.get(key);
      const isTool = kind === "tool";
      const asked = { index: calls.length, kind, model: isTool ? null : (reply?.model ?? name), tool: isTool ? name : null, prompt: kind === "rlm" ? (JSON.parse(body) as RlmCallRequest).task : body };
      const childId = kind === "rlm" ? (reply?.child?.workflowId ?? childWorkflowId(children.parentId, header.turn, index, key)) : null;
      const turns = childId === null ? null : await children.turns(childId);
      const child = childId === null || turns === null ? null : { workflowId: childId, status: reply?.child?.status ?? null, turns };
      calls.push({ ...asked, ...(await told(store, reply, answer)), child });
    }
  }
  return calls;
}

async function told(store: BlobStore, reply: StoredReply | undefined, answer: GivenAnswer | null): Promise<Pick<TrajectoryCall, "reply" | "error" | "usage" | "ms">> {
  if (reply === undefined) return { reply: null, error: refusal(answer), usage: NO_USAGE, ms: 0 };
  const { outcome, usage, durationMs } = reply;
  if ("error" in outcome) return { reply: null, error: outcome.error, usage, ms: durationMs };
  if ("text" in outcome) return { reply: outcome.text, error: null, usage, ms: durationMs };
  const json = "json" in outcome ? outcome.json : Buffer.from(await store.get(outcome.jsonRef.digest)).toString("utf8");
  return { reply: json, error: null, usage, ms: durationMs };
}

function refusal(answer: GivenAnswer | null): TrajectoryCall["error"] {
  if (answer === null || answer.refused === null) return null;
  const { of, used, asked, max } = answer.refused;
  return { kind: "limit", message: `Not sent: ${used} of ${max} ${of === "tool" ? "tool calls" : "sub-calls"} were used and ${asked} more were asked for.` };
}
