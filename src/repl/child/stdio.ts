import { deno } from "./deno.js";
import { FRAME_HEADER_BYTES, type FromChildType } from "./protocol.js";

/** Frames up to this size are read and written with one system call each: a host call is a matter of microseconds. */
const BUFFER_BYTES = 65_536;

const encoder = new TextEncoder();
/** Read from stdin and not taken yet: `[from, to)`. */
const incoming = { bytes: new Uint8Array(BUFFER_BYTES), from: 0, to: 0 };
const header = new Uint8Array(FRAME_HEADER_BYTES);
const headerView = new DataView(header.buffer);
const outgoing = new Uint8Array(BUFFER_BYTES);
const outgoingView = new DataView(outgoing.buffer);

/** Blocks until a whole frame is there. The end of stdin means the host is gone: so are we. */
export function readFrame(): { type: number; payload: Uint8Array } {
  readInto(header);
  return { type: headerView.getUint8(4), payload: readInto(new Uint8Array(headerView.getUint32(0, true))) };
}

/** Writes one frame; the payload may come in pieces. */
export function writeFrame(type: FromChildType, ...pieces: readonly Uint8Array[]): void {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  outgoingView.setUint32(0, length, true);
  outgoing[4] = type;
  let filled = FRAME_HEADER_BYTES;
  for (const piece of pieces) {
    if (filled + piece.length > BUFFER_BYTES) {
      writeAll(outgoing.subarray(0, filled));
      filled = 0;
    }
    if (piece.length > BUFFER_BYTES) writeAll(piece);
    else {
      outgoing.set(piece, filled);
      filled += piece.length;
    }
  }
  if (filled > 0) writeAll(outgoing.subarray(0, filled));
}

export function writeJson(type: FromChildType, message: object): void {
  writeFrame(type, encoder.encode(JSON.stringify(message)));
}

/** Fills `bytes`, and returns them. */
function readInto(bytes: Uint8Array): Uint8Array {
  for (let done = 0; done < bytes.length; ) {
    if (incoming.from === incoming.to && bytes.length - done >= BUFFER_BYTES) done += read(bytes.subarray(done));
    else {
      if (incoming.from === incoming.to) [incoming.from, incoming.to] = [0, read(incoming.bytes)];
      const count = Math.min(bytes.length - done, incoming.to - incoming.from);
      bytes.set(incoming.bytes.subarray(incoming.from, incoming.from + count), done);
      incoming.from += count;
      done += count;
    }
  }
  return bytes;
}

function read(into: Uint8Array): number {
  const count = deno.stdin.readSync(into);
  return count === null || count === 0 ? deno.exit(0) : count;
}

function writeAll(bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += deno.stdout.writeSync(bytes.subarray(done));
}
