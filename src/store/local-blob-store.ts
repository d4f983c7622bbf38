import { createHash } from "node:crypto";
import { access, readFile, readdir, unlink } from "node:fs/promises";
import path from "node:path";
import type { BlobRef } from "../core/blob-ref.js";
import { BlobFiles } from "./blob-files.js";
import type { BlobStore } from "./blob-store.js";
import { PendingFile, ensureDirectory, removeAbandonedFiles } from "./durable-file.js";
import { BlobNotFoundError, StoreUnavailableError, isErrno } from "./errors.js";
import { makeFanOut } from "./fan-out.js";
import { hashBytes } from "./hash-bytes.js";
import { hashFile } from "./hash-file.js";
import { KnownDigests } from "./known-digests.js";
import { LocalInventory } from "./local-inventory.js";
import { readSlice } from "./read-slice.js";
import { RECORD_BYTES, StoreQuota } from "./store-quota.js";
import { assertStoreName } from "./store-name.js";

/**
 * Blobs as files: `blobs/<first two hex digits>/<digest>`, named entries below `named/`, work in progress in `tmp/`.
 * Files 0600, directories 0700. Any number of processes may share the directory.
 */
export class LocalBlobStore implements BlobStore {
  readonly #known = new KnownDigests();

  readonly #files: BlobFiles;

  private constructor(readonly directory: string, private readonly quota: StoreQuota | null) {
    this.#files = new BlobFiles(directory);
  }

  /** @param quotaBytes what blobs may take together; writes beyond throw. @default no limit */
  static async open(directory: string, { quotaBytes = null }: { readonly quotaBytes?: number | null } = {}): Promise<LocalBlobStore> {
    const location = path.resolve(directory);
    const store = new LocalBlobStore(location, quotaBytes === null ? null : new StoreQuota(location, quotaBytes, new LocalInventory(location)));
    await store.#guard("open", async () => {
      for (const name of ["blobs", "named", "tmp"]) await ensureDirectory(path.join(store.directory, name));
      await makeFanOut(path.join(store.directory, "blobs"));
      await removeAbandonedFiles(store.#tmp());
    });
    return store;
  }

  async put(bytes: Uint8Array | readonly Uint8Array[]): Promise<BlobRef> {
    const chunks = bytes instanceof Uint8Array ? [bytes] : bytes;
    const digest = await hashBytes(chunks);
    const ref = { digest, bytes: chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0) };
    await this.#guard("write", async () => {
      if (!this.#known.isDamaged(digest) && (await this.#files.reuse(digest, ref.bytes))) return;
      await this.quota?.admit(ref.bytes, ref.bytes <= RECORD_BYTES);
      await using file = await PendingFile.create(this.#tmp());
      await file.write(chunks);
      await this.#publish(file, ref);
    });
    return ref;
  }

  async putStream(chunks: AsyncIterable<Uint8Array>): Promise<BlobRef> {
    const hash = createHash("sha256");
    let bytes = 0;
    return this.#guard("write", async () => {
      await using file = await PendingFile.create(this.#tmp());
      try {
        for await (const chunk of chunks) {
          await this.quota?.admit(chunk.byteLength);
          hash.update(chunk);
          bytes += chunk.byteLength;
          await file.write([chunk]);
        }
      } catch (error) {
        this.quota?.giveBack(bytes);
        throw error;
      }
      const ref = { digest: hash.digest("hex"), bytes };
      await this.#publish(file, ref);
      return ref;
    });
  }

  /** What was found damaged is replaced, by whichever way the bytes come again. */
  async #publish(file: PendingFile, { digest, bytes }: BlobRef): Promise<void> {
    if (this.#known.isDamaged(digest)) await this.#files.replace(file, digest);
    else await this.#files.publish(file, digest, bytes);
    this.#known.mended(digest);
  }

  async get(digest: string): Promise<Uint8Array> {
    const bytes = await this.#reading(digest, () => readFile(this.#files.path(digest)));
    this.#known.check(digest, await hashBytes([bytes]));
    return bytes;
  }

  async getRange(digest: string, offset: number, length: number): Promise<Uint8Array> {
    await this.#verify(digest);
    return this.#reading(digest, () => readSlice(this.#files.path(digest), offset, length));
  }

  async getStart(digest: string, length: number): Promise<Uint8Array> {
    return this.#reading(digest, () => readSlice(this.#files.path(digest), 0, length));
  }

  async has(digest: string): Promise<boolean> {
    return access(this.#files.path(digest)).then(
      () => true,
      () => this.#files.recover(digest),
    );
  }

  async localPath(digest: string): Promise<string> {
    await this.#verify(digest);
    if (!(await this.has(digest))) throw new BlobNotFoundError(digest);
    return this.#files.path(digest);
  }

  async #verify(digest: string): Promise<void> {
    if (!this.#known.isGood(digest)) this.#known.check(digest, await this.#reading(digest, () => hashFile(this.#files.path(digest))));
  }

  async putNamed(name: string, bytes: Uint8Array): Promise<Uint8Array> {
    const target = this.#namedPath(name);
    const created = await this.#guard("write", async () => {
      await using file = await PendingFile.create(this.#tmp());
      await file.write([bytes]);
      // Awaited here: the file is gone when this block ends.
      return await file.publish(target);
    });
    if (created) return bytes;
    const stored = await this.getNamed(name);
    return stored ?? this.putNamed(name, bytes);
  }

  async getNamed(name: string): Promise<Uint8Array | null> {
    return this.#guard("read", async () => {
      try {
        return await readFile(this.#namedPath(name));
      } catch (error) {
        if (isErrno(error) && (error.code === "ENOENT" || error.code === "ENOTDIR")) return null;
        throw error;
      }
    });
  }

  async *listNamed(prefix: string): AsyncIterable<string> {
    const root = this.#namedPath(prefix);
    const entries = await this.#guard("list", () =>
      readdir(root, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
        if (isErrno(error) && (error.code === "ENOENT" || error.code === "ENOTDIR")) return [];
        throw error;
      }),
    );
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      yield path.relative(path.join(this.directory, "named"), path.join(entry.parentPath, entry.name)).split(path.sep).join("/");
    }
  }

  async deleteNamed(name: string): Promise<void> {
    await this.#guard("delete", () =>
      unlink(this.#namedPath(name)).catch((error: unknown) => {
        if (!isErrno(error) || error.code !== "ENOENT") throw error;
      }),
    );
  }

  #tmp(): string {
    return path.join(this.directory, "tmp");
  }

  #namedPath(name: string): string {
    assertStoreName(name);
    return path.join(this.directory, "named", ...name.split("/"));
  }

  async #reading<T>(digest: string, read: () => Promise<T>): Promise<T> {
    return this.#guard("read", async () => {
      try {
        return await read();
      } catch (error) {
        if (isErrno(error) && error.code === "ENOENT" && (await this.#files.recover(digest))) return read();
        if (isErrno(error) && error.code === "ENOENT") throw new BlobNotFoundError(digest, { cause: error });
        throw error;
      }
    });
  }

  /** System errors become `StoreUnavailableError`; our own pass. */
  async #guard<T>(operation: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (isErrno(error) && "syscall" in error) throw new StoreUnavailableError(operation, this.directory, error);
      throw error;
    }
  }
}
