import type { CallOutcome, CallRefusal, HostCallOutcome } from "../core/cell.js";
import type { StoredReply } from "../core/trajectory.js";
import type { GivenAnswer, PackHeader } from "../journal/pack.js";
import type { ReplyStore } from "../journal/reply-store.js";
import { ReplyLostError } from "./errors.js";
import type { BlobStore } from "../store/blob-store.js";

export interface SettledOutcome {
  readonly outcome: HostCallOutcome;
  readonly given: GivenAnswer;
}

/** How a suspension is to be answered: refused, or from its stored replies; from `files` only where they are known. */
export interface AnswerSource {
  readonly refused: CallRefusal | null;
  readonly llmCallsUsed: number;
  readonly files?: readonly string[];
}

/** What a suspension is answered with. Throws when a reply is missing: the workflow resumes only what is settled. */
export async function settledOutcome(
  { store, replies }: { readonly store: BlobStore; readonly replies: ReplyStore },
  runUid: string,
  pack: Pick<PackHeader, "turn" | "seq" | "calls">,
  source: AnswerSource,
): Promise<SettledOutcome> {
  const { refused, llmCallsUsed } = source;
  if (refused !== null) return { outcome: { refused, llmCallsUsed }, given: { files: [], refused, llmCallsUsed } };
  const { turn, seq } = pack;
  const { byKey, files } = await replies.find({ runUid, turn, seq }, pack.calls.map(({ key }) => key), source.files);
  const inProgramOrder = pack.calls.toSorted((a, b) => a.slot - b.slot);
  const outcomes = await Promise.all(
    inProgramOrder.map(async ({ key, slot }): Promise<CallOutcome> => {
      const reply = byKey.get(key);
      if (reply === undefined) throw new ReplyLostError(turn, seq, slot);
      return toCallOutcome(store, reply);
    }),
  );
  return { outcome: { outcomes, llmCallsUsed }, given: { files, refused: null, llmCallsUsed } };
}

async function toCallOutcome(store: BlobStore, { outcome, child }: StoredReply): Promise<CallOutcome> {
  if ("text" in outcome) return { text: outcome.text };
  const degraded = child?.status === "degraded" ? { degraded: child.reason ?? "a limit" } : {};
  if ("jsonRef" in outcome) return { json: Buffer.from(await store.get(outcome.jsonRef.digest)).toString("utf8"), ...degraded };
  return outcome;
}
