import { createHash } from "node:crypto";
import { SnapshotFormatError } from "./errors.js";
import type { ImageState } from "./image-state.js";
import type { PageRun } from "./page-runs.js";
import { type PartHeader, PREAMBLE_BYTES, readPartHeader, readPreamble, writePreamble } from "./part-header.js";
import { compress, decompress } from "./zstd.js";

/** What a part holds. State, groups and files stay compressed until a restore needs them. */
export interface Part {
  readonly header: PartHeader;
  readonly state: Uint8Array;
  readonly zeroPages: readonly PageRun[];
  /** Stored pages in ascending order; the first `PAGES_PER_GROUP` are in group 0, and so on. */
  readonly pages: Uint32Array;
  readonly groups: readonly Uint8Array[];
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** 256 KiB: larger groups compress no better and make a restore decode pages it does not want. */
export const PAGES_PER_GROUP = 64;

/**
 * Of each table, unpacked. The largest that an honest session can make: 20,000 links of 4,096 characters and 2,048 full pipes.
 */
const MAX_TABLE_BYTES = 384 * 2 ** 20;

/** Where things are in the part. JSON. */
interface ContentTable {
  readonly zeroPages: readonly PageRun[];
  readonly groupBytes: readonly number[];
  readonly files: readonly (readonly [digest: string, compressedBytes: number])[];
}

export interface NewPart extends Omit<Part, "header" | "state"> {
  readonly header: Omit<PartHeader, "partId">;
  readonly state: ImageState;
}

/** Bytes of a part, and its identity. `contentHashes`: hashes of the changed pages, which stand for their bytes in the identity. */
export function encodePart(part: NewPart, contentHashes: Uint32Array): { bytes: Uint8Array; partId: string } {
  const content: ContentTable = {
    zeroPages: part.zeroPages,
    groupBytes: part.groups.map(({ length }) => length),
    files: [...part.files].map(([digest, bytes]) => [digest, bytes.length]),
  };
  const contentJson = JSON.stringify(content);
  const stateJson = JSON.stringify(part.state);
  if (stateJson.length > MAX_TABLE_BYTES) throw new Error(`the state beside memory (files' names, pipes, JavaScript values) takes ${stateJson.length} bytes; at most ${MAX_TABLE_BYTES} can be kept`);
  const pageTable = new Uint8Array(part.pages.buffer, part.pages.byteOffset, part.pages.byteLength);
  const identity = createHash("sha256").update(JSON.stringify(part.header)).update(contentJson).update(stateJson).update(pageTable).update(contentHashes);
  const partId = identity.digest("hex");
  const header = new TextEncoder().encode(JSON.stringify({ ...part.header, partId }));
  const [contentTable, state] = [contentJson, stateJson].map((json) => compress(new TextEncoder().encode(json))) as [Uint8Array, Uint8Array];
  const preamble = writePreamble({ headerBytes: header.length, contentBytes: contentTable.length, stateBytes: state.length, pageTableBytes: pageTable.length });
  return { bytes: Buffer.concat([preamble, header, contentTable, state, pageTable, ...part.files.values(), ...part.groups]), partId };
}

/** @throws {SnapshotFormatError} damaged or of another format version. */
export function decodePart(bytes: Uint8Array): Part {
  const header = readPartHeader(bytes);
  const { headerBytes, contentBytes, stateBytes, pageTableBytes } = readPreamble(bytes);
  let at = PREAMBLE_BYTES + headerBytes;
  const take = (length: number): Uint8Array => {
    if (!(at + length <= bytes.length)) throw new SnapshotFormatError(`Snapshot part ${header.partId} is cut short at byte ${bytes.length}. Restore from an older snapshot.`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  const content = unpack(header, take(contentBytes)) as ContentTable;
  const state = take(stateBytes);
  const pages = new Uint32Array(take(pageTableBytes).slice().buffer);
  const files = new Map(content.files.map(([digest, length]) => [digest, take(length)]));
  return { header, state, zeroPages: content.zeroPages, pages, groups: content.groupBytes.map(take), files };
}

/** @throws {SnapshotFormatError} damaged. */
export function decodeState({ header, state }: Part): ImageState {
  return unpack(header, state) as ImageState;
}

/** @throws {SnapshotFormatError} damaged, or more than it may be: names the part. */
export function inflate(partId: string, what: string, bytes: Uint8Array, maxBytes: number): Uint8Array {
  try {
    return decompress(bytes, maxBytes);
  } catch (cause) {
    const problem = cause instanceof RangeError ? `unpacks to more than the ${maxBytes} bytes that are left for it` : "is damaged";
    throw new SnapshotFormatError(`The ${what} of snapshot part ${partId} ${problem}. Restore from an older snapshot.`, { cause });
  }
}

function unpack({ partId }: PartHeader, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(decompress(bytes, MAX_TABLE_BYTES)));
  } catch (cause) {
    throw new SnapshotFormatError(`A table of snapshot part ${partId} is damaged. Restore from an older snapshot.`, { cause });
  }
}
