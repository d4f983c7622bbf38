import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { StoredReply } from "../../src/core/trajectory.js";

export interface StoredCall {
  /** When its file was in its place: the last change of the file's links. */
  readonly storedAtMs: number;
  /** Texts of the reply; more than one when two processes were answered in the allowed window. */
  readonly texts: readonly string[];
}

/** Every reply in a store, by call key. */
export function storedReplies(storeDirectory: string): Map<string, StoredCall> {
  const byKey = new Map<string, StoredCall>();
  const replies = path.join(storeDirectory, "named", "replies");
  for (const file of readdirSync(replies, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const at = path.join(file.parentPath, file.name);
    const storedAtMs = statSync(at).ctimeMs;
    for (const line of readFileSync(at, "utf8").split("\n").slice(0, -1)) {
      const { key, outcome } = JSON.parse(line) as StoredReply;
      const known = byKey.get(key);
      const text = "text" in outcome ? [outcome.text] : [];
      byKey.set(key, { storedAtMs: Math.min(storedAtMs, known?.storedAtMs ?? Infinity), texts: [...(known?.texts ?? []), ...text] });
    }
  }
  return byKey;
}
