/** What travels while the snapshot of a finished turn becomes durable. JSON only, refs instead of bytes, as in wire.ts. */
import type { BlobRef } from "./blob-ref.js";
import type { RunKey } from "./wire.js";

export interface CommitArgs {
  readonly run: RunKey;
  readonly turn: number;
  /** Of the session whose state it is. */
  readonly epoch: number;
}

export interface CommitResult {
  /** Durable: the turn counts from here on. */
  readonly snapshotRef: BlobRef;
}
