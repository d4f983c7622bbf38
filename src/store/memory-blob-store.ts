import { createHash } from "node:crypto";
import type { BlobRef } from "../core/blob-ref.js";
import type { BlobInventory, StoredBlob, StoredEntry } from "./blob-inventory.js";
import type { BlobStore } from "./blob-store.js";
import { BlobNotFoundError } from "./errors.js";
import { assertStoreName } from "./store-name.js";

/** The store's contract in memory, for tests. It has no files, so `localPath` throws. */
export class MemoryBlobStore implements BlobStore, BlobInventory {
  readonly #blobs = new Map<string, Uint8Array>();
  readonly #touchedAtMs = new Map<string, number>();
  readonly #named = new Map<string, Uint8Array>();

  async put(bytes: Uint8Array | readonly Uint8Array[]): Promise<BlobRef> {
    const whole = Buffer.concat(bytes instanceof Uint8Array ? [bytes] : [...bytes]);
    const digest = createHash("sha256").update(whole).digest("hex");
    this.#blobs.set(digest, whole);
    this.#touchedAtMs.set(digest, Date.now());
    return { digest, bytes: whole.byteLength };
  }

  async putStream(chunks: AsyncIterable<Uint8Array>): Promise<BlobRef> {
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    return this.put(parts);
  }

  async get(digest: string): Promise<Uint8Array> {
    const bytes = this.#blobs.get(digest);
    if (bytes === undefined) throw new BlobNotFoundError(digest);
    return bytes;
  }

  async getRange(digest: string, offset: number, length: number): Promise<Uint8Array> {
    return (await this.get(digest)).subarray(offset, offset + length);
  }

  async getStart(digest: string, length: number): Promise<Uint8Array> {
    return this.getRange(digest, 0, length);
  }

  async has(digest: string): Promise<boolean> {
    return this.#blobs.has(digest);
  }

  async localPath(digest: string): Promise<string> {
    throw new Error(`The memory store has no file for blob ${digest}; use LocalBlobStore where a sandbox reads inputs.`);
  }

  async putNamed(name: string, bytes: Uint8Array): Promise<Uint8Array> {
    assertStoreName(name);
    const stored = this.#named.get(name) ?? bytes;
    this.#named.set(name, stored);
    if (!this.#touchedAtMs.has(name)) this.#touchedAtMs.set(name, Date.now());
    return stored;
  }

  async getNamed(name: string): Promise<Uint8Array | null> {
    return this.#named.get(name) ?? null;
  }

  async *listNamed(prefix: string): AsyncIterable<string> {
    for (const name of [...this.#named.keys()]) if (name.startsWith(`${prefix}/`)) yield name;
  }

  async deleteNamed(name: string): Promise<void> {
    this.#named.delete(name);
    this.#touchedAtMs.delete(name);
  }

  async *listBlobs(): AsyncIterable<StoredBlob> {
    for (const [digest, { byteLength: bytes }] of [...this.#blobs]) yield { digest, bytes, touchedAtMs: this.#touchedAtMs.get(digest) ?? 0 };
  }

  async *listEntries(): AsyncIterable<StoredEntry> {
    for (const [name, { byteLength: bytes }] of [...this.#named]) yield { name, bytes, writtenAtMs: this.#touchedAtMs.get(name) ?? 0 };
  }

  async sweep(digests: Iterable<string>, touchedBeforeMs: number): Promise<readonly StoredBlob[]> {
    const wanted = new Set(digests);
    const swept: StoredBlob[] = [];
    for await (const blob of this.listBlobs()) {
      if (!wanted.has(blob.digest) || blob.touchedAtMs >= touchedBeforeMs) continue;
      this.#blobs.delete(blob.digest);
      swept.push(blob);
    }
    return swept;
  }
}
