import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { assertDigest, isUrl, missingWheel, type Wheel } from "./package-set.js";

/** A large wheel is 20 MB; a slow line takes its time. */
const DOWNLOAD_TIMEOUT_MS = 300_000;

/**
 * Path of a local file with the wheel's bytes, verified. Downloads are kept in `cacheDirectory` under their digest.
 * @throws {PackageError} it is not there, or not the one that was asked for
 */
export async function obtainWheel(from: string, wheel: Wheel, cacheDirectory: string): Promise<string> {
  const { file, sha256 } = wheel;
  const local = isUrl(from) ? path.join(cacheDirectory, `${sha256}.whl`) : path.join(from, file);
  const present = read(local);
  if (present !== null) {
    assertDigest(file, present, sha256);
    return local;
  }
  if (!isUrl(from)) throw missingWheel(from, file);
  const bytes = await download(from, file);
  assertDigest(file, bytes, sha256);
  mkdirSync(cacheDirectory, { recursive: true });
  const temporary = `${local}.${process.pid}`;
  writeFileSync(temporary, bytes);
  renameSync(temporary, local);
  return local;
}

function read(file: string): Uint8Array | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

async function download(from: string, file: string): Promise<Uint8Array> {
  try {
    const response = await fetch(`${from.replace(/\/$/, "")}/${file}`, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw missingWheel(from, file, cause);
  }
}
