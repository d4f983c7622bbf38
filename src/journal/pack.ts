import type { BlobRef } from "../core/blob-ref.js";
import type { CallKind } from "../core/call-counts.js";
import type { CallRefusal, HostCallRequest } from "../core/cell.js";
import type { TypeSpec } from "../core/signature.js";
import type { NondeterministicRead } from "../repl/session.js";
import type { BlobStore } from "../store/blob-store.js";
import { packCalls } from "./pack-calls.js";

/**
 * One suspension of a cell, as one blob: what the cell read since the one before, its calls and their bodies. Packs hang together by `prev`,
 * so that only the head travels through Temporal.
 *
 * Layout: u32 LE length of the header, header (JSON), then the bodies (UTF-8) one after another. An activity reads the header and one body.
 */
export interface PackHeader {
  readonly v: 1;
  readonly turn: number;
  readonly seq: number;
  readonly prev: BlobRef | null;
  readonly requestHash: string;
  readonly reads: readonly NondeterministicRead[];
  /** By kind, in the order of `CALL_KINDS`; within a kind in program order. */
  readonly calls: readonly PackCall[];
  /** What the suspension before this one was given; `null` for the first: a replay must give the same. */
  readonly previousAnswer: GivenAnswer | null;
}

/** How a suspension was answered. */
export interface GivenAnswer {
  /** Reply files the answers came from; empty when it was refused. */
  readonly files: readonly string[];
  readonly refused: CallRefusal | null;
  /** What `budget()` showed afterwards. */
  readonly llmCallsUsed: number;
}

export interface PackCall {
  readonly kind: CallKind;
  /** Call key: its reply is stored under it. */
  readonly key: string;
  /** Place among the calls of the suspension in program order; the outcomes go back to Python in that order. */
  readonly slot: number;
  /** Model of a sub-call (`null`: the run's), name of a tool. */
  readonly name: string | null;
  /** Type of the JSON value that a sub-call is asked for; absent: text. */
  readonly schema?: TypeSpec;
  /** Byte range of the body (a prompt, a tool's arguments, or an `RlmCallRequest`), from the end of the header. */
  readonly at: number;
  readonly bytes: number;
}

/** A header as read, and where the bodies begin. */
export type ReadPackHeader = PackHeader & { readonly bodiesAt: number };

const LENGTH_BYTES = 4;

export interface NewPack extends Omit<PackHeader, "v" | "calls"> {
  readonly runUid: string;
  readonly request: HostCallRequest;
}

/** Pure: the chunks of the blob, and its header. */
export function encodePack(pack: NewPack): { readonly chunks: Uint8Array[]; readonly header: PackHeader } {
  const { runUid, turn, seq, prev, requestHash, reads, previousAnswer, request } = pack;
  const { calls, bodies } = packCalls(request.calls, { runUid, turn, seq });
  const header: PackHeader = { v: 1, turn, seq, prev, requestHash, reads, calls, previousAnswer };
  const headerBytes = Buffer.from(JSON.stringify(header), "utf8");
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(headerBytes.byteLength);
  return { chunks: [length, headerBytes, ...bodies], header };
}

export async function readPackHeader(store: BlobStore, ref: BlobRef): Promise<ReadPackHeader> {
  const length = Buffer.from(await store.getRange(ref.digest, 0, LENGTH_BYTES)).readUInt32LE();
  const header = JSON.parse(Buffer.from(await store.getRange(ref.digest, LENGTH_BYTES, length)).toString("utf8")) as PackHeader;
  return { ...header, bodiesAt: LENGTH_BYTES + length };
}

/** One call of a pack with its body: the prompt of a sub-call, the arguments (JSON text) of a tool. */
export async function readPackCall(store: BlobStore, ref: BlobRef, header: ReadPackHeader, index: number): Promise<PackCall & { readonly body: string }> {
  const call = header.calls[index];
  if (call === undefined) throw new RangeError(`Pack ${ref.digest} has ${header.calls.length} calls; call ${index} was asked for.`);
  const bytes = await store.getRange(ref.digest, header.bodiesAt + call.at, call.bytes);
  return { ...call, body: Buffer.from(bytes).toString("utf8") };
}

export interface ChainedPack {
  readonly ref: BlobRef;
  readonly header: ReadPackHeader;
}

/** The packs of a cell, oldest first. @param known an older state of the same chain: what is in it is not read again */
export async function readPackChain(store: BlobStore, head: BlobRef | null, known: readonly ChainedPack[] = []): Promise<readonly ChainedPack[]> {
  const places = new Map(known.map(({ ref }, at) => [ref.digest, at]));
  const newer: ChainedPack[] = [];
  for (let ref = head; ref !== null; ) {
    const at = places.get(ref.digest);
    if (at !== undefined) return [...known.slice(0, at + 1), ...newer.reverse()];
    const header = await readPackHeader(store, ref);
    newer.push({ ref, header });
    ref = header.prev;
  }
  return newer.reverse();
}
