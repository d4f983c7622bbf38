import { stat } from "node:fs/promises";
import { findGlob, isGlob } from "./glob.js";
import { requireHttpUrl } from "./http-url.js";
import type { Located, SourceFile } from "./source.js";
import { isMissing, reason, SourceError } from "./source-error.js";

/**
 * What an address names: `http(s)://…`, a file, a directory (its files at any depth, but hidden ones) or a glob (`*`, `?`, `[a-z]`, `{a,b}`, `**`).
 * A file that has such a name is taken before the glob.
 * @throws SourceError nothing is there, or it may not be read
 */
export async function locateSource(address: string): Promise<Located> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(address)) return { kind: "http", url: requireHttpUrl(address) };
  let isDirectory = false;
  try {
    const info = await stat(address);
    isDirectory = info.isDirectory();
    if (!isDirectory) return { kind: "file", path: address };
  } catch (error) {
    if (!isGlob(address)) throw unusable(address, error);
  }
  try {
    return { kind: "files", files: some(address, await (isDirectory ? findGlob("**/*", address) : findGlob(address))) };
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const inside = error instanceof Error && "path" in error ? ` (${String(error.path)})` : "";
    throw unusable(`${address}${inside}`, error);
  }
}

function unusable(what: string, error: unknown): SourceError {
  return new SourceError(`${what}: ${reason(error)}. Check the path.`, { cause: error, ...(isMissing(error) && { kind: "missing" }) });
}

function some(address: string, files: readonly SourceFile[]): readonly SourceFile[] {
  if (files.length === 0) throw new SourceError(`${address} names no files (hidden ones are left out). Check the path.`, { kind: "missing" });
  return files;
}
