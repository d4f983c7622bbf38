import type { BlobRef } from "../core/blob-ref.js";
import type { SnapshotPart } from "../repl/session.js";
import type { BlobStore } from "../store/blob-store.js";
import { SnapshotBuildError } from "./errors.js";

/**
 * A snapshot in the store: u32 LE length of the header, header (JSON), then the part as the sandbox wrote it. The host writes the header; the
 * part is untrusted and only ever goes back into a sandbox. See docs/snapshot-format.md.
 */
interface SnapshotHeader {
  readonly v: 1;
  readonly buildId: string;
  /** Digests of the snapshots below this one, from the self-contained one up. Empty: this one stands alone. */
  readonly chain: readonly string[];
}

const LENGTH_BYTES = 4;

export interface StoredSnapshot {
  readonly ref: BlobRef;
  /** Digests to restore from, this snapshot last. */
  readonly chain: readonly string[];
}

/** @param chain of the session's state before the part; the part says how much of it it builds on. */
export async function putSnapshot(store: BlobStore, buildId: string, chain: readonly string[], part: SnapshotPart): Promise<StoredSnapshot> {
  const header: SnapshotHeader = { v: 1, buildId, chain: chain.slice(0, part.keptParts) };
  const headerBytes = Buffer.from(JSON.stringify(header), "utf8");
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(headerBytes.byteLength);
  const ref = await store.put([length, headerBytes, part.bytes]);
  return { ref, chain: [...header.chain, ref.digest] };
}

export interface LoadedChain {
  readonly parts: readonly Uint8Array[];
  readonly chain: readonly string[];
}

/** Reads a snapshot and everything below it; every blob's digest is verified. */
export async function loadSnapshotChain(store: BlobStore, buildId: string, digest: string): Promise<LoadedChain> {
  const top = parse(digest, await store.get(digest));
  if (top.header.buildId !== buildId) throw new SnapshotBuildError(digest, top.header.buildId, buildId);
  const below = await Promise.all(top.header.chain.map(async (each) => parse(each, await store.get(each)).part));
  return { parts: [...below, top.part], chain: [...top.header.chain, digest] };
}

function parse(digest: string, bytes: Uint8Array): { header: SnapshotHeader; part: Uint8Array } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const partAt = LENGTH_BYTES + buffer.readUInt32LE();
    return { header: JSON.parse(buffer.toString("utf8", LENGTH_BYTES, partAt)) as SnapshotHeader, part: buffer.subarray(partAt) };
  } catch (cause) {
    throw new Error(`Blob ${digest} of ${bytes.byteLength} bytes is not a snapshot. Fork the run from an earlier turn.`, { cause });
  }
}
