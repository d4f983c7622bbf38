import { createHash } from "node:crypto";
import { SnapshotFormatError } from "./errors.js";
import type { ImageState } from "./image-state.js";
import type { PageRun } from "./page-runs.js";
import { type PartHeader, PREAMBLE_BYTES, readPartHeader, readPreamble, writePreamble } from "./part-header.js";
import { compress, decompress } from "./zstd.js";

/** What a part holds. Groups and files stay compressed until a restore needs them. */
export interface Part {
  readonly header: PartHeader;
  readonly state: ImageState;
  readonly zeroPages: readonly PageRun[];
  /** Stored pages in ascending order; the first `PAGES_PER_GROUP` are in group 0, and so on. */
  readonly pages: Uint32Array;
  readonly groups: readonly Uint8Array[];
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** 256 KiB: larger groups compress no better and make a restore decode pages it does not want. */
export const PAGES_PER_GROUP = 64;

/** The compressed JSON table: everything but pages. */
interface StateTable {
  readonly state: ImageState;
  readonly zeroPages: readonly PageRun[];
  readonly groupBytes: readonly number[];
  readonly files: readonly (readonly [digest: string, compressedBytes: number])[];
}

/** Bytes of a part, and its identity. `contentHashes`: hashes of the changed pages, which stand for their bytes in the identity. */
export function encodePart(part: Omit<Part, "header"> & { header: Omit<PartHeader, "partId"> }, contentHashes: Uint32Array): { bytes: Uint8Array; partId: string } {
  const table: StateTable = {
    state: part.state,
    zeroPages: part.zeroPages,
    groupBytes: part.groups.map(({ length }) => length),
    files: [...part.files].map(([digest, bytes]) => [digest, bytes.length]),
  };
  const tableJson = JSON.stringify(table);
  const pageTable = new Uint8Array(part.pages.buffer, part.pages.byteOffset, part.pages.byteLength);
  const identity = createHash("sha256").update(JSON.stringify(part.header)).update(tableJson).update(pageTable).update(contentHashes);
  const partId = identity.digest("hex");
  const header = new TextEncoder().encode(JSON.stringify({ ...part.header, partId }));
  const state = compress(new TextEncoder().encode(tableJson));
  const preamble = writePreamble({ headerBytes: header.length, stateBytes: state.length, pageTableBytes: pageTable.length });
  return { bytes: Buffer.concat([preamble, header, state, pageTable, ...part.files.values(), ...part.groups]), partId };
}

/** @throws {SnapshotFormatError} damaged or of another format version. */
export function decodePart(bytes: Uint8Array): Part {
  const header = readPartHeader(bytes);
  const { headerBytes, stateBytes, pageTableBytes } = readPreamble(bytes);
  let at = PREAMBLE_BYTES + headerBytes;
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new SnapshotFormatError(`The snapshot part is cut short at byte ${bytes.length}. Restore from an older snapshot.`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  const table = JSON.parse(new TextDecoder().decode(decompress(take(stateBytes)))) as StateTable;
  const pages = new Uint32Array(take(pageTableBytes).slice().buffer);
  const files = new Map(table.files.map(([digest, length]) => [digest, take(length)]));
  return { header, state: table.state, zeroPages: table.zeroPages, pages, groups: table.groupBytes.map(take), files };
}
