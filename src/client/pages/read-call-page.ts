import { ReplyStore } from "../../journal/reply-store.js";
import type { BlobStore } from "../../store/blob-store.js";
import { readCall, type PlainCall } from "../call-outcome.js";
import type { TurnPacks } from "./turn-packs.js";

/**
 * Some calls of a turn, in program order, with what they were answered. Reads what the page needs and no more: a turn may have thousands of calls.
 * @param parentId the run that made them
 */
export async function readCallPage(store: BlobStore, packs: TurnPacks, parentId: string, { from, count }: { readonly from: number; readonly count: number }): Promise<readonly PlainCall[]> {
  const replies = new ReplyStore(store);
  const pages = packs.overlapping(from, count).map(async ({ ref, header, answer, first, order, runUid }) => {
    const wanted = order.flatMap((at, i) => (first + i >= from && first + i < from + count ? [{ at, index: first + i }] : []));
    const keyOf = (at: number): string => header.calls[at]?.key ?? "";
    const { byKey } = await replies.find({ runUid, turn: header.turn, seq: header.seq }, wanted.map(({ at }) => keyOf(at)), answer?.files);
    return Promise.all(wanted.map(async ({ at, index }) => readCall(store, { ref, header, at, index, reply: byKey.get(keyOf(at)), answer, parentId })));
  });
  return (await Promise.all(pages)).flat();
}
