import type { BudgetView, HistoryUpdate } from "../../core/cell.js";
import type { JournalEntry, NondeterministicRead, SessionConfig, SessionInput } from "../session.js";

/*
 * Wire between host and sandbox child: frames of [u32 length][u8 type][payload] on stdin and stdout, strictly in turns.
 *
 *   boot    -> captured, snapshot        restore -> ready            begin -> variables, captured, snapshot
 *   execute -> suspended | cell, captured, snapshot                  outcome -> (as execute)
 *   image   -> captured, snapshot
 *
 * The child may answer anything with `failed` and is dead then. The host trusts nothing that comes back.
 */

export const FRAME_HEADER_BYTES = 5;

/** Frames to the child. */
export const ToChild = { boot: 0x62, restore: 0x72, begin: 0x69, execute: 0x78, outcome: 0x6f, image: 0x67 } as const;
/** Frames from the child. */
export const FromChild = { ready: 0x52, variables: 0x56, suspended: 0x51, cell: 0x43, captured: 0x44, snapshot: 0x53, failed: 0x45 } as const;

export type ToChildType = (typeof ToChild)[keyof typeof ToChild];
export type FromChildType = (typeof FromChild)[keyof typeof FromChild];

/** Among the inputs: while it is there, the running cell is to stop. A busy interpreter reads no frames, but its clock is looked at all the time. */
export const INTERRUPT_FILE = "interrupt";

/** Command line of the child, one JSON argument. */
export interface ChildSettings {
  readonly buildId: string;
  readonly pyodideDirectory: string;
  /** Holds the inputs, named by digest. */
  readonly inputsDirectory: string;
  readonly memoryLimitBytes: number;
  readonly fileQuotaBytes: number;
  /**
   * What the process is started for, so that it can go ahead before it is told more. `load`: load the program and Pyodide's, so that their compiled code is
   * kept, and end. `boot`: start from nothing. `restore`: make a Pyodide that waits for an image.
   */
  readonly purpose: "load" | "boot" | "restore";
}

export interface PreludeModule {
  /** File stem; the Python module is `_rlm_<stem>`. */
  readonly stem: string;
  readonly source: string;
}

export interface BootCommand {
  /** In order of execution; the last is `main`. */
  readonly prelude: readonly PreludeModule[];
  /** Digests of wheels among the session's inputs, in the order of installing. */
  readonly wheels: readonly string[];
}

/** JSON head of a restore frame; the parts follow it. */
export interface RestoreCommand {
  readonly partBytes: readonly number[];
}

export interface BeginCommand {
  readonly config: SessionConfig;
  readonly inputs: readonly Pick<SessionInput, "name" | "kind" | "digest">[];
}

export interface ExecuteCommand {
  readonly code: string;
  readonly budget: BudgetView;
  readonly history: HistoryUpdate;
  readonly cellTimeoutMs: number;
  /** Of the run. */
  readonly requestBytesLeft: number;
  /** `null`: that of the settings. */
  readonly memoryLimitBytes: number | null;
  readonly journal: readonly JournalEntry[];
  readonly tailReads: readonly NondeterministicRead[];
}

/** JSON head of a `suspended` frame; the request's text, as Python wrote it, follows it. */
export interface SuspendedHead {
  readonly seq: number;
  readonly reads: readonly NondeterministicRead[];
  readonly divergedAtSeq: number | null;
}

/**
 * Payload of `captured`: from here on the session's state can be kept; its part is compressed next. `cellMs`, `divergedAtSeq` and `tailReads` mean
 * something after a cell only.
 */
export interface CapturedMessage {
  /** How many of the oldest parts of the session's chain the coming part builds on; 0: self-contained. */
  readonly keptParts: number;
  readonly cellMs: number;
  readonly captureMs: number;
  readonly heapBytes: number;
  readonly dirtyPages: number;
  readonly pagesToWrite: number;
  readonly divergedAtSeq: number | null;
  readonly tailReads: readonly NondeterministicRead[];
}

export interface FailedMessage {
  readonly reason: "fatal" | "snapshot_refused" | "setup_failed";
  readonly message: string;
}

/** One suspension's request, as JSON text. Larger ones are refused in Python, where the model can see why. The host needs 0.2 s to read this much. */
export const MAX_REQUEST_BYTES = 32 * 2 ** 20;
/** All requests of one cell: each is stored before the budget is looked at, so a cell that goes on asking in spite of refusals would fill the store. */
export const MAX_CELL_REQUEST_BYTES = 256 * 2 ** 20;
/** Calls of one suspension. */
export const MAX_CALLS = 20_000;
/** Reads reported with one suspension; what a cell reads beyond that is fresh on a replay, and the request's hash tells whether it mattered. */
export const MAX_READS = 20_000;
export const MAX_ERROR_CHARS = 4_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Joins a JSON head and a body into one payload: [u32 length of head][head][body]. */
export function withHead(head: object): Uint8Array {
  const json = encoder.encode(JSON.stringify(head));
  const bytes = new Uint8Array(4 + json.length);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  return bytes;
}

/** Takes `withHead` apart. @throws {RangeError | SyntaxError} on malformed bytes. */
export function splitHead(payload: Uint8Array): { head: unknown; body: Uint8Array } {
  const length = new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getUint32(0, true);
  if (4 + length > payload.length) throw new RangeError("the head is longer than the frame");
  return { head: JSON.parse(decoder.decode(payload.subarray(4, 4 + length))), body: payload.subarray(4 + length) };
}
