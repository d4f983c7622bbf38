import { createHash } from "node:crypto";
import { setImmediate as yieldToOthers } from "node:timers/promises";

/** Hashed in a few milliseconds: heartbeats and other runs of the process go on between two of them. */
const SLICE_BYTES = 4 << 20;

/** Lower-case hex SHA-256 of bytes that may be a gigabyte, without holding up the process. */
export async function hashBytes(chunks: readonly Uint8Array[]): Promise<string> {
  const hash = createHash("sha256");
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.byteLength; at += SLICE_BYTES) {
      if (at > 0) await yieldToOthers();
      hash.update(chunk.subarray(at, at + SLICE_BYTES));
    }
  }
  return hash.digest("hex");
}
