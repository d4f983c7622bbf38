import type { BlobRef } from "../core/blob-ref.js";
import type { StoredReply } from "../core/trajectory.js";
import { NO_USAGE } from "../core/usage.js";
import { readPackCall, readPackChain, type GivenAnswer } from "../journal/pack.js";
import type { ReplyStore } from "../journal/reply-store.js";
import type { BlobStore } from "../store/blob-store.js";
import type { TrajectoryCall } from "./trajectory-document.js";

/** The model calls of a cell with the replies it was given, in program order. */
export async function readCalls(store: BlobStore, replies: ReplyStore, runUid: string, packHead: BlobRef | null): Promise<readonly TrajectoryCall[]> {
  const packs = await readPackChain(store, packHead);
  const calls: TrajectoryCall[] = [];
  for (const [i, { ref, header }] of packs.entries()) {
    const answer = packs[i + 1]?.header.previousAnswer ?? null;
    const keys = header.calls.map(({ key }) => key);
    const { byKey } = await replies.find({ runUid, turn: header.turn, seq: header.seq }, keys, answer?.files);
    for (const index of header.calls.keys()) {
      const { prompt, model, key } = await readPackCall(store, ref, header, index);
      calls.push({ index: calls.length, kind: "llm", model, prompt, ...told(byKey.get(key), answer) });
    }
  }
  return calls;
}

function told(reply: StoredReply | undefined, answer: GivenAnswer | null): Pick<TrajectoryCall, "reply" | "error" | "usage" | "ms"> & { readonly model?: string } {
  if (reply === undefined) return { reply: null, error: refusal(answer), usage: NO_USAGE, ms: 0 };
  const { outcome, model, usage, durationMs } = reply;
  return "text" in outcome
    ? { model, reply: outcome.text, error: null, usage, ms: durationMs }
    : { model, reply: null, error: outcome.error, usage, ms: durationMs };
}

function refusal(answer: GivenAnswer | null): TrajectoryCall["error"] {
  if (answer === null || answer.refused === null) return null;
  const { used, asked, max } = answer.refused;
  return { kind: "limit", message: `Not sent: ${used} of ${max} sub-calls were used and ${asked} more were asked for.` };
}
