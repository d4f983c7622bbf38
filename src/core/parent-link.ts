import type { BlobRef } from "./blob-ref.js";

/** Where a child run comes from. */
export interface ParentLink {
  readonly workflowId: string;
  /** The parent's session at the start of its turn; the child begins with a copy. */
  readonly snapshotRef: BlobRef;
}
