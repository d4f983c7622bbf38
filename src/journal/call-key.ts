import { createHash } from "node:crypto";
import type { HostCall } from "../core/cell.js";

export interface CallPosition {
  readonly runUid: string;
  readonly turn: number;
  /** Suspension of the turn, from 0; `"root"` for the root model's own call, `"compact"` for a summary of older turns, `"extract"` for the extract. */
  readonly seq: number | "root" | "compact" | "extract";
  readonly index: number;
}

/**
 * A call's identity: `runUid / turn / seq / index / sha256(canonical request)`, hashed. Sent as `Idempotency-Key`; its reply is stored under it.
 * A replay that asks something else at the same position gets another key, hence a new call.
 */
export function callKey(position: CallPosition, requestHash: string): string {
  return sha256(`${position.runUid}/${position.turn}/${position.seq}/${position.index}/${requestHash}`);
}

/** Hash of a call's request; the sub-model's default is resolved when it is sent, not here. */
export function hashCallRequest(call: HostCall): string {
  return sha256(JSON.stringify(call.kind === "llm" ? [call.prompt, call.model] : [call.kind, call.tool, call.args]));
}

export function sha256(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}
