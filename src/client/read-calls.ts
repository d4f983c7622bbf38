import type { BlobRef } from "../core/blob-ref.js";
import { readPackChain } from "../journal/pack.js";
import type { ReplyStore } from "../journal/reply-store.js";
import type { BlobStore } from "../store/blob-store.js";
import { programOrder, readCall } from "./call-outcome.js";
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
  const { parentId } = children;
  const calls: TrajectoryCall[] = [];
  for (const [i, { ref, header }] of packs.entries()) {
    const answer = packs[i + 1]?.header.previousAnswer ?? null;
    const keys = header.calls.map(({ key }) => key);
    const { byKey } = await replies.find({ runUid, turn: header.turn, seq: header.seq }, keys, answer?.files);
    for (const at of programOrder(header)) {
      const reply = byKey.get(keys[at] ?? "");
      const { childId, ...call } = await readCall(store, { ref, header, at, index: calls.length, reply, answer, parentId });
      const turns = childId === null ? null : await children.turns(childId);
      const child = childId === null || turns === null ? null : { workflowId: childId, status: reply?.child?.status ?? null, turns };
      calls.push({ ...call, child });
    }
  }
  return calls;
}
