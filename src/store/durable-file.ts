import { randomBytes } from "node:crypto";
import { link, mkdir, open, readdir, rename, stat, unlink } from "node:fs/promises";
import path from "node:path";
import { isErrno } from "./errors.js";

/** Owner only: blobs hold confidential inputs. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

/** Creates the directory, and those above it, where they are missing. */
export async function ensureDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE });
}

/** A file being written beside its final place. Nothing is visible under a final name before `publish`. */
export class PendingFile implements AsyncDisposable {
  private constructor(private readonly tmpPath: string, private readonly handle: Awaited<ReturnType<typeof open>>) {}

  static async create(tmpDirectory: string): Promise<PendingFile> {
    const tmpPath = path.join(tmpDirectory, `${process.pid}-${randomBytes(8).toString("hex")}`);
    return new PendingFile(tmpPath, await open(tmpPath, "wx", FILE_MODE));
  }

  async write(chunks: readonly Uint8Array[]): Promise<void> {
    let pending = chunks.filter((chunk) => chunk.byteLength > 0);
    while (pending.length > 0) {
      // The kernel takes at most IOV_MAX (1024) buffers a call, and may take less than it was given.
      const { bytesWritten } = await this.handle.writev(pending.slice(0, 512));
      pending = dropBytes(pending, bytesWritten);
    }
  }

  /**
   * Makes the bytes durable, then visible under `target` in one step: fsync, link, fsync of the directory.
   * First writer wins: resolves to `false` when `target` existed.
   */
  async publish(target: string): Promise<boolean> {
    await this.handle.sync();
    const created = await linkOnce(this.tmpPath, target).catch(async (error: unknown) => {
      if (!isErrno(error) || error.code !== "ENOENT") throw error;
      await ensureDirectory(path.dirname(target));
      await syncDirectory(path.dirname(path.dirname(target)));
      return linkOnce(this.tmpPath, target);
    });
    if (created) await syncDirectory(path.dirname(target));
    return created;
  }

  /** As `publish`, in the place of what is there. */
  async replace(target: string): Promise<void> {
    await this.handle.sync();
    await rename(this.tmpPath, target);
    await syncDirectory(path.dirname(target));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close();
    await unlink(this.tmpPath).catch(() => undefined);
  }
}

/** Work files of processes that were killed: nobody writes to one for so long. */
const ABANDONED_MS = 24 * 60 * 60_000;

export async function removeAbandonedFiles(tmpDirectory: string): Promise<void> {
  for (const name of await readdir(tmpDirectory)) {
    const file = path.join(tmpDirectory, name);
    const touchedAtMs = await stat(file).then(({ mtimeMs }) => mtimeMs, () => Infinity);
    if (Date.now() - touchedAtMs > ABANDONED_MS) await unlink(file).catch(() => undefined);
  }
}

async function linkOnce(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isErrno(error) && error.code === "EEXIST") return false;
    throw error;
  }
}

export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function dropBytes(chunks: readonly Uint8Array[], count: number): Uint8Array[] {
  const rest = [...chunks];
  let left = count;
  while (left > 0) {
    const first = rest[0];
    if (first === undefined) break;
    if (first.byteLength <= left) {
      left -= first.byteLength;
      rest.shift();
    } else {
      rest[0] = first.subarray(left);
      left = 0;
    }
  }
  return rest;
}
