import { createHash } from "node:crypto";

/** SHA-256 (hex) of a request's JSON text exactly as Python wrote it: what a journal entry is recognised by. */
export function hashOf(requestText: string | Uint8Array): string {
  return createHash("sha256").update(requestText).digest("hex");
}
