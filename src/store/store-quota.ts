import { formatBytes } from "../core/byte-size.js";
import type { BlobInventory } from "./blob-inventory.js";
import { StoreUnavailableError } from "./errors.js";

/** Other processes write too: what they have written is seen after this long at the latest, or after a hundred times as long as a look takes. */
const LOOK_AGAIN_MS = 10_000;
const LOOK_SHARE = 100;
/** When the store is full, how often it is looked at whether somebody made room. */
const FULL_LOOK_AGAIN_MS = 1_000;
/** Blobs of at most this size are records: with them runs are closed, cancelled and deleted, which is what makes room. */
export const RECORD_BYTES = 64 * 1024;

/** Records may take this much beyond the quota. */
function recordReserve(quotaBytes: number): number {
  return Math.max(2 ** 20, quotaBytes / 100);
}

/**
 * Bytes of files that the blobs of a store may take together. Counted by looking at them from time to time, and by adding what this process writes
 * in between: processes that write at the same time may go beyond it by what they write within ten seconds.
 */
export class StoreQuota {
  #measuredBytes = 0;
  #measuredAtMs = -Infinity;
  #lookMs = 0;
  #writtenSinceBytes = 0;
  #looking: Promise<void> | null = null;

  constructor(private readonly location: string, readonly quotaBytes: number, private readonly inventory: BlobInventory) {}

  /**
   * Before a new blob, or more of one, is written.
   * @param record small, and perhaps what makes room: may use the reserve
   * @throws StoreUnavailableError there is no room for it
   */
  async admit(bytes: number, record = false): Promise<void> {
    const limit = record ? this.quotaBytes + recordReserve(this.quotaBytes) : this.quotaBytes;
    const age = Date.now() - this.#measuredAtMs;
    if (age > Math.max(LOOK_AGAIN_MS, LOOK_SHARE * this.#lookMs)) await this.#look();
    if (this.#used + bytes > limit && Date.now() - this.#measuredAtMs > FULL_LOOK_AGAIN_MS) await this.#look();
    if (this.#used + bytes > limit) throw new StoreUnavailableError("write", this.location, null, this.#tellFull(bytes));
    this.#writtenSinceBytes += bytes;
  }

  /** What was admitted is not written after all. */
  giveBack(bytes: number): void {
    this.#writtenSinceBytes -= bytes;
  }

  /** Bytes in use, looked at now. */
  async usedBytes(): Promise<number> {
    await this.#look();
    return this.#used;
  }

  get #used(): number {
    return this.#measuredBytes + this.#writtenSinceBytes;
  }

  #tellFull(bytes: number): string {
    const share = `${formatBytes(this.#used)} of the ${formatBytes(this.quotaBytes)} of its quota`;
    return `The blob store at ${this.location} holds ${share} (RLM_STORE_QUOTA), and has no room for ${formatBytes(bytes)} more. Remove what no run needs (rlm delete ID, rlm gc), or raise the quota; waiting runs go on by themselves.`;
  }

  #look(): Promise<void> {
    this.#looking ??= this.#measure().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #measure(): Promise<void> {
    const startedAtMs = Date.now();
    const before = this.#writtenSinceBytes;
    let bytes = 0;
    for await (const blob of this.inventory.listBlobs()) bytes += blob.bytes;
    for await (const entry of this.inventory.listEntries()) bytes += entry.bytes;
    this.#measuredBytes = bytes;
    this.#measuredAtMs = Date.now();
    this.#lookMs = this.#measuredAtMs - startedAtMs;
    // What was written while we looked may not have been seen.
    this.#writtenSinceBytes -= before;
  }
}
