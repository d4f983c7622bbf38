import type { BlobRef } from "../core/blob-ref.js";
import type { HostCallRequest, LlmCallRequest } from "../core/cell.js";
import type { Refusal } from "../core/wire.js";
import type { NondeterministicRead } from "../repl/session.js";
import type { BlobStore } from "../store/blob-store.js";
import { callKey, hashCallRequest } from "./call-key.js";

/**
 * One suspension of a cell, as one blob: what the cell read since the one before, its calls and their prompts. Packs hang together by `prev`,
 * so that only the head travels through Temporal.
 *
 * Layout: u32 LE length of the header, header (JSON), then the prompts (UTF-8) one after another. An activity reads the header and one prompt.
 */
export interface PackHeader {
  readonly v: 1;
  readonly turn: number;
  readonly seq: number;
  readonly prev: BlobRef | null;
  readonly requestHash: string;
  readonly reads: readonly NondeterministicRead[];
  readonly calls: readonly PackCall[];
  /** What the suspension before this one was given; `null` for the first: a replay must give the same. */
  readonly previousAnswer: GivenAnswer | null;
}

/** How a suspension was answered. */
export interface GivenAnswer {
  /** Reply files the answers came from; empty when it was refused. */
  readonly files: readonly string[];
  readonly refused: Refusal | null;
  /** What `budget()` showed afterwards. */
  readonly llmCallsUsed: number;
}

export interface PackCall {
  /** Call key: its reply is stored under it. */
  readonly key: string;
  readonly model: string | null;
  /** Byte range of the prompt, from the end of the header. */
  readonly at: number;
  readonly bytes: number;
}

const LENGTH_BYTES = 4;

export interface NewPack {
  readonly runUid: string;
  readonly turn: number;
  readonly seq: number;
  readonly prev: BlobRef | null;
  readonly requestHash: string;
  readonly reads: readonly NondeterministicRead[];
  readonly request: HostCallRequest;
  readonly previousAnswer: GivenAnswer | null;
}

/** Pure: the chunks of the blob, and its header. */
export function encodePack(pack: NewPack): { readonly chunks: Uint8Array[]; readonly header: PackHeader } {
  const prompts = pack.request.calls.map((call) => Buffer.from(call.prompt, "utf8"));
  let at = 0;
  const calls = pack.request.calls.map((call, index): PackCall => {
    const bytes = prompts[index]?.byteLength ?? 0;
    const key = callKey({ runUid: pack.runUid, turn: pack.turn, seq: pack.seq, index }, hashCallRequest(call));
    const entry = { key, model: call.model, at, bytes };
    at += bytes;
    return entry;
  });
  const { turn, seq, prev, requestHash, reads, previousAnswer } = pack;
  const header: PackHeader = { v: 1, turn, seq, prev, requestHash, reads, calls, previousAnswer };
  const headerBytes = Buffer.from(JSON.stringify(header), "utf8");
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(headerBytes.byteLength);
  return { chunks: [length, headerBytes, ...prompts], header };
}

export async function readPackHeader(store: BlobStore, ref: BlobRef): Promise<PackHeader & { readonly promptsAt: number }> {
  const length = Buffer.from(await store.getRange(ref.digest, 0, LENGTH_BYTES)).readUInt32LE();
  const header = JSON.parse(Buffer.from(await store.getRange(ref.digest, LENGTH_BYTES, length)).toString("utf8")) as PackHeader;
  return { ...header, promptsAt: LENGTH_BYTES + length };
}

export async function readPackCall(
  store: BlobStore,
  ref: BlobRef,
  header: PackHeader & { readonly promptsAt: number },
  index: number,
): Promise<LlmCallRequest & { readonly key: string }> {
  const call = header.calls[index];
  if (call === undefined) throw new RangeError(`Pack ${ref.digest} has ${header.calls.length} calls; call ${index} was asked for.`);
  const bytes = await store.getRange(ref.digest, header.promptsAt + call.at, call.bytes);
  return { prompt: Buffer.from(bytes).toString("utf8"), model: call.model, key: call.key };
}

/** The packs of a cell, oldest first. */
export async function readPackChain(store: BlobStore, head: BlobRef | null): Promise<{ readonly ref: BlobRef; readonly header: PackHeader & { readonly promptsAt: number } }[]> {
  const chain = [];
  for (let ref = head; ref !== null; ) {
    const header = await readPackHeader(store, ref);
    chain.unshift({ ref, header });
    ref = header.prev;
  }
  return chain;
}
