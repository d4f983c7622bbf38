import { link, rename, stat, unlink, utimes } from "node:fs/promises";
import path from "node:path";
import type { StoredBlob } from "./blob-inventory.js";
import { ensureDirectory, type PendingFile } from "./durable-file.js";
import { isErrno } from "./errors.js";

/**
 * The files of blobs, and their end.
 *
 * A file to be swept is first moved to `trash/`, where no writer finds it any more; only then its time is looked at. A writer either touched it
 * before, which shows, or it did not find it and wrote its own. A reader that comes in between, or after a sweep was killed, takes it back.
 */
export class BlobFiles {
  /** @param directory of the store */
  constructor(private readonly directory: string) {}

  /** @throws {TypeError} no digest */
  path(digest: string): string {
    if (!/^[0-9a-f]{64}$/.test(digest)) throw new TypeError(`"${digest.slice(0, 80)}" is not a SHA-256 digest in lower-case hex.`);
    return path.join(this.directory, "blobs", digest.slice(0, 2), digest);
  }

  /** Counts the blob as written now; `false` when it is not there whole. */
  async reuse(digest: string, bytes: number): Promise<boolean> {
    const file = this.path(digest);
    try {
      if ((await stat(file)).size !== bytes) return false;
      const now = new Date();
      await utimes(file, now, now);
      return true;
    } catch (error) {
      if (isErrno(error) && error.code === "ENOENT") return false;
      throw error;
    }
  }

  /** Gives a written file its place. One of another size under the digest's name is torn; the right bytes take its place. */
  async publish(file: PendingFile, digest: string, bytes: number): Promise<void> {
    if ((await file.publish(this.path(digest))) || (await this.reuse(digest, bytes))) return;
    await file.replace(this.path(digest));
  }

  /** Puts a written file where a damaged one is. */
  async replace(file: PendingFile, digest: string): Promise<void> {
    await file.replace(this.path(digest));
  }

  /** Takes a file back that is being swept; `false` when there is none. */
  async recover(digest: string): Promise<boolean> {
    try {
      await link(this.#trash(digest), this.path(digest));
      return true;
    } catch (error) {
      if (isErrno(error) && error.code === "EEXIST") return true;
      if (isErrno(error) && error.code === "ENOENT") return false;
      throw error;
    }
  }

  /** The blob that was removed, or `null`: touched since, or not there. */
  async sweep(digest: string, touchedBeforeMs: number): Promise<StoredBlob | null> {
    const trash = this.#trash(digest);
    try {
      if ((await stat(this.path(digest))).mtimeMs >= touchedBeforeMs) return null;
      await ensureDirectory(path.dirname(trash));
      await rename(this.path(digest), trash);
      const { mtimeMs, size } = await stat(trash);
      const touched = mtimeMs >= touchedBeforeMs;
      if (touched) await this.recover(digest);
      await unlink(trash);
      return touched ? null : { digest, bytes: size, touchedAtMs: mtimeMs };
    } catch (error) {
      if (isErrno(error) && error.code === "ENOENT") return null;
      throw error;
    }
  }

  /** What a killed sweep left is as it was before. */
  async undoSweep(digest: string): Promise<void> {
    await this.recover(digest);
    await unlink(this.#trash(digest)).catch((error: unknown) => {
      if (!isErrno(error) || error.code !== "ENOENT") throw error;
    });
  }

  #trash(digest: string): string {
    return path.join(this.directory, "trash", digest);
  }
}
