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

/** Key of one try (from 1) of a sub-call with a schema: each is stored on its own, so that a repair never pays for the tries before it again. */
export function attemptKey(key: string, attempt: number): string {
  return sha256(`${key}/attempt/${attempt}`);
}

/** Hash of a call's request; the sub-model's default is resolved when it is sent, not here. */
export function hashCallRequest(call: HostCall): string {
  return sha256(JSON.stringify(identityOf(call)));
}

function identityOf(call: HostCall): readonly unknown[] {
  switch (call.kind) {
    case "llm":
      return [call.prompt, call.model, ...(call.schema === undefined ? [] : [call.schema])];
    case "tool":
      return [call.kind, call.tool, call.args];
    case "rlm":
      return [call.kind, call.task, call.outputs, call.variables];
  }
}

export function sha256(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}
