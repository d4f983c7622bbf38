import type { CapturedMessage } from "./child/protocol.js";
import type { CellTimings, SnapshotPart } from "./session.js";

/** A part that a sandbox handed over, and what it cost. */
export interface WrittenPart {
  readonly part: SnapshotPart;
  readonly timings: CellTimings;
}

export function timingsOf({ cellMs, captureMs, heapBytes, dirtyPages }: CapturedMessage, compressMs: number): CellTimings {
  return { cellMs, captureMs, compressMs, heapBytes, dirtyPages };
}

export function json(message: object): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

export function parse(payload: Uint8Array): unknown {
  return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8"));
}
