import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { BlobFiles } from "./blob-files.js";
import type { BlobInventory, StoredBlob, StoredEntry } from "./blob-inventory.js";
import { isErrno, StoreUnavailableError } from "./errors.js";

/** What is in a `LocalBlobStore`'s directory. */
export class LocalInventory implements BlobInventory {
  readonly #files: BlobFiles;

  /** @param directory of the store */
  constructor(private readonly directory: string) {
    this.#files = new BlobFiles(directory);
  }

  async *listBlobs(): AsyncIterable<StoredBlob> {
    for (const { name: folder } of await this.#read("blobs")) {
      for (const { name } of await this.#read("blobs", folder)) {
        const found = /^[0-9a-f]{64}$/.test(name) ? await this.#stat("blobs", folder, name) : null;
        if (found !== null) yield { digest: name, bytes: found.size, touchedAtMs: found.mtimeMs };
      }
    }
  }

  async *listEntries(...below: readonly string[]): AsyncIterable<StoredEntry> {
    for (const entry of await this.#read("named", ...below)) {
      const parts = [...below, entry.name];
      if (entry.isDirectory()) yield* this.listEntries(...parts);
      else {
        const found = await this.#stat("named", ...parts);
        if (found !== null) yield { name: parts.join("/"), bytes: found.size, writtenAtMs: found.mtimeMs };
      }
    }
  }

  async sweep(digests: Iterable<string>, touchedBeforeMs: number): Promise<readonly StoredBlob[]> {
    const swept: StoredBlob[] = [];
    try {
      for (const { name } of await this.#read("trash")) await this.#files.undoSweep(name);
      for (const digest of digests) {
        const blob = await this.#files.sweep(digest, touchedBeforeMs);
        if (blob !== null) swept.push(blob);
      }
    } catch (cause) {
      throw cause instanceof StoreUnavailableError ? cause : new StoreUnavailableError("delete", this.directory, cause);
    }
    return swept;
  }

  /** Nothing where there is no such directory. */
  async #read(...parts: readonly string[]): Promise<Dirent[]> {
    return readdir(path.join(this.directory, ...parts), { withFileTypes: true }).catch((error: unknown) => {
      if (isErrno(error) && error.code === "ENOENT") return [];
      throw new StoreUnavailableError("list", this.directory, error);
    });
  }

  /** `null`: gone meanwhile. */
  async #stat(...parts: readonly string[]): Promise<{ readonly size: number; readonly mtimeMs: number } | null> {
    return stat(path.join(this.directory, ...parts)).catch((error: unknown) => {
      if (isErrno(error) && error.code === "ENOENT") return null;
      throw new StoreUnavailableError("list", this.directory, error);
    });
  }
}
