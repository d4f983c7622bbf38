import type { BlobRef } from "../core/blob-ref.js";

/** What a ref takes is next to nothing; this only bounds what runs leave that went on in another process. */
const MAX_REMEMBERED = 1000;

/**
 * Snapshots of finished turns by run: under way, or durable and perhaps not asked for yet. Kept apart from the sessions: one that is evicted
 * right after its snapshot was written has lost nothing.
 */
export class SnapshotCommits {
  readonly #commits = new Map<string, { readonly epoch: number; readonly written: Promise<BlobRef> }>();

  add(runUid: string, epoch: number, written: Promise<BlobRef>): void {
    // Who asks is told of a failure; nobody need ask.
    written.catch(() => undefined);
    this.#commits.delete(runUid);
    this.#commits.set(runUid, { epoch, written });
    const [oldest] = this.#commits.keys();
    if (oldest !== undefined && this.#commits.size > MAX_REMEMBERED) this.#commits.delete(oldest);
  }

  /** `null`: this process knows of none. @param epoch of the session whose state it is */
  find(runUid: string, epoch: number): Promise<BlobRef> | null {
    const commit = this.#commits.get(runUid);
    return commit?.epoch === epoch ? commit.written : null;
  }

  forget(runUid: string): void {
    this.#commits.delete(runUid);
  }
}
