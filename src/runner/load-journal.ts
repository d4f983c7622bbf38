import type { ExecuteArgs, RunKey } from "../core/wire.js";
import { readPackChain, type GivenAnswer } from "../journal/pack.js";
import type { ReplyStore } from "../journal/reply-store.js";
import type { JournalEntry } from "../repl/session.js";
import type { BlobStore } from "../store/blob-store.js";
import { settledOutcome, type AnswerSource } from "./settled-outcome.js";

export type JournalArgs = Pick<ExecuteArgs, "journal" | "refused" | "llmCallsUsed"> & { readonly run: Pick<RunKey, "runUid"> };

export interface LoadedJournal {
  readonly entries: readonly JournalEntry[];
  /** What the newest suspension is given. */
  readonly newest: GivenAnswer | null;
}

/**
 * The settled suspensions of the cell, for a rebuilt session. Every suspension but the newest is answered exactly as it was before (the pack after
 * it tells how); nothing observable depends on the newest one yet.
 */
export async function loadJournal(store: BlobStore, replies: ReplyStore, args: JournalArgs): Promise<LoadedJournal> {
  const packs = args.journal === null ? [] : await readPackChain(store, args.journal.packHead);
  const entries: JournalEntry[] = [];
  let newest: GivenAnswer | null = null;
  for (const [i, { header }] of packs.entries()) {
    const source: AnswerSource = packs[i + 1]?.header.previousAnswer ?? { refused: args.refused, llmCallsUsed: args.llmCallsUsed };
    const settled = await settledOutcome({ store, replies }, args.run.runUid, header, source);
    entries.push({ reads: header.reads, requestHash: header.requestHash, outcome: settled.outcome });
    newest = settled.given;
  }
  return { entries, newest };
}
