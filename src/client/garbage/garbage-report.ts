import type { BlobKind } from "../../journal/blob-kind.js";

export interface Amount {
  readonly blobs: number;
  readonly bytes: number;
}

/** What garbage collection found and did. Bytes are those of the files' contents. */
export interface GarbageReport {
  readonly dryRun: boolean;
  readonly graceMs: number;
  /** Everything in the store when it began: what counts against its quota. */
  readonly total: Amount;
  /** In use, by what it is. */
  readonly kept: Readonly<Partial<Record<BlobKind, Amount>>>;
  /** Not in use, and written or used again within the grace period. */
  readonly young: Amount;
  /** Removed; in a dry run: what would be. */
  readonly removed: Amount;
  /** Reply files of runs that are gone: removed, or what would be. */
  readonly replies: Amount;
  readonly runs: { readonly open: number; readonly closed: number };
  /** Digests of records that runs refer to and that are not in the store. */
  readonly missing: readonly string[];
  readonly durationMs: number;
}

export const NOTHING: Amount = { blobs: 0, bytes: 0 };

export function amountOf(items: Iterable<{ readonly bytes: number }>): Amount {
  let amount = NOTHING;
  for (const { bytes } of items) amount = { blobs: amount.blobs + 1, bytes: amount.bytes + bytes };
  return amount;
}
