import { SnapshotBuildMismatchError, SnapshotFormatError } from "./errors.js";

/** Raised with every change of the layout in docs/snapshot-format.md. */
const FORMAT_VERSION = 1;
const MAGIC = "RLMSNAP\0";
/** Magic, format version, and the lengths of the four tables that follow. */
export const PREAMBLE_BYTES = 28;
/** A header is four short fields. The host reads it in one go, so it must not be a large one. */
const MAX_HEADER_BYTES = 4096;

/** The readable part of a snapshot: plain JSON, so that a host without zstd can refuse a foreign build before it starts a process. */
export interface PartHeader {
  readonly buildId: string;
  /** SHA-256 over what the part says (docs/snapshot-format.md, "Identity"). */
  readonly partId: string;
  /** The part this one is an increment of; `null` = self-contained. */
  readonly parentId: string | null;
  readonly heapBytes: number;
}

export interface Preamble {
  readonly headerBytes: number;
  readonly contentBytes: number;
  readonly stateBytes: number;
  readonly pageTableBytes: number;
}

export function writePreamble(lengths: Preamble): Uint8Array {
  const bytes = new Uint8Array(PREAMBLE_BYTES);
  bytes.set(new TextEncoder().encode(MAGIC));
  const view = new DataView(bytes.buffer);
  view.setUint32(8, FORMAT_VERSION, true);
  view.setUint32(12, lengths.headerBytes, true);
  view.setUint32(16, lengths.contentBytes, true);
  view.setUint32(20, lengths.stateBytes, true);
  view.setUint32(24, lengths.pageTableBytes, true);
  return bytes;
}

/** @throws {SnapshotFormatError} not a part, cut short, or of another format version. */
export function readPreamble(part: Uint8Array): Preamble {
  const magic = new TextDecoder().decode(part.subarray(0, MAGIC.length));
  if (part.length < PREAMBLE_BYTES || magic !== MAGIC) throw new SnapshotFormatError(`These ${part.length} bytes are not a snapshot part. Restore from an older snapshot.`);
  const view = new DataView(part.buffer, part.byteOffset, PREAMBLE_BYTES);
  const version = view.getUint32(8, true);
  if (version !== FORMAT_VERSION) throw new SnapshotFormatError(`The snapshot has format version ${version}; this program reads version ${FORMAT_VERSION}. Use a worker of the version that wrote it.`);
  const preamble = { headerBytes: view.getUint32(12, true), contentBytes: view.getUint32(16, true), stateBytes: view.getUint32(20, true), pageTableBytes: view.getUint32(24, true) };
  if (preamble.headerBytes > MAX_HEADER_BYTES) throw new SnapshotFormatError(`The snapshot part announces a header of ${preamble.headerBytes} bytes; at most ${MAX_HEADER_BYTES} are possible. Restore from an older snapshot.`);
  const needed = PREAMBLE_BYTES + preamble.headerBytes + preamble.contentBytes + preamble.stateBytes + preamble.pageTableBytes;
  if (needed > part.length) throw new SnapshotFormatError(`The snapshot part is cut short: ${part.length} bytes where at least ${needed} are announced. Restore from an older snapshot.`);
  return preamble;
}

/** @throws {SnapshotFormatError} as `readPreamble`, or when the header is not what it must be. */
export function readPartHeader(part: Uint8Array): PartHeader {
  const { headerBytes } = readPreamble(part);
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(part.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + headerBytes)));
  } catch (cause) {
    throw new SnapshotFormatError("The snapshot part's header is not JSON. Restore from an older snapshot.", { cause });
  }
  if (!isPartHeader(parsed)) throw new SnapshotFormatError("The snapshot part's header lacks a field. Restore from an older snapshot.");
  return parsed;
}

/**
 * Checks that `parts` are a chain, oldest first, all of this build.
 * @throws {SnapshotBuildMismatchError} a part of another build.
 * @throws {SnapshotFormatError} no part, a first part that is not self-contained, or a part whose parent is not the one before it.
 */
export function assertChain(headers: readonly PartHeader[], buildId: string): void {
  if (headers.length === 0) throw new SnapshotFormatError("No snapshot part was given. Start from the base image.");
  headers.forEach((header, index) => {
    if (header.buildId !== buildId) throw new SnapshotBuildMismatchError(header.buildId, buildId);
    const expected = headers[index - 1]?.partId ?? null;
    if (header.parentId !== expected) throw new SnapshotFormatError(`Part ${index} of the snapshot chain continues ${header.parentId ?? "nothing"}, but ${expected ?? "nothing"} comes before it. Give the parts oldest first and without gaps.`);
  });
}

function isPartHeader(value: unknown): value is PartHeader {
  if (typeof value !== "object" || value === null) return false;
  const header = value as Partial<Record<keyof PartHeader, unknown>>;
  return typeof header.buildId === "string" && typeof header.partId === "string" && (header.parentId === null || typeof header.parentId === "string") && isHeapSize(header.heapBytes);
}

/** Whole pages of a 32-bit memory. */
function isHeapSize(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 2 ** 32 && (value as number) % 4096 === 0;
}
