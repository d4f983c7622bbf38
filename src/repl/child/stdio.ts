import { deno } from "./deno.js";
import { FRAME_HEADER_BYTES, type FromChildType } from "./protocol.js";

/** Blocks until a whole frame is there. The end of stdin means the host is gone: so are we. */
export function readFrame(): { type: number; payload: Uint8Array } {
  const header = readExactly(FRAME_HEADER_BYTES);
  const length = new DataView(header.buffer).getUint32(0, true);
  return { type: header[4] ?? 0, payload: readExactly(length) };
}

/** Writes one frame; the payload may come in pieces. */
export function writeFrame(type: FromChildType, ...pieces: readonly Uint8Array[]): void {
  const header = new Uint8Array(FRAME_HEADER_BYTES);
  new DataView(header.buffer).setUint32(0, pieces.reduce((sum, { length }) => sum + length, 0), true);
  header[4] = type;
  const [only] = pieces;
  // One system call for the small frames of a host call.
  if (pieces.length === 1 && only !== undefined && only.length < 65_536) writeAll(Buffer.concat([header, only]));
  else for (const piece of [header, ...pieces]) writeAll(piece);
}

export function writeJson(type: FromChildType, message: object): void {
  writeFrame(type, new TextEncoder().encode(JSON.stringify(message)));
}

function readExactly(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const read = deno.stdin.readSync(bytes.subarray(done));
    if (read === null || read === 0) return deno.exit(0);
    done += read;
  }
  return bytes;
}

function writeAll(bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += deno.stdout.writeSync(bytes.subarray(done));
}
