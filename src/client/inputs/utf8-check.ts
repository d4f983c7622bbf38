import { isUtf8 } from "node:buffer";

/**
 * Passes bytes on unchanged and counts what is not UTF-8. `faults()` is how many replacement characters Python will put in (both follow the
 * "maximal subpart" practice of the Unicode standard).
 */
export class Utf8Check {
  #faults = 0;
  #rest: Uint8Array = new Uint8Array(0);

  async *through(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#take(chunk);
      yield chunk;
    }
    this.#faults += countFaults(this.#rest);
    this.#rest = new Uint8Array(0);
  }

  faults(): number {
    return this.#faults;
  }

  /** A character may be cut by the end of a chunk: its bytes wait for the next one. */
  #take(chunk: Uint8Array): void {
    const bytes = this.#rest.byteLength === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const end = bytes.byteLength - unfinishedTail(bytes);
    this.#faults += countFaults(bytes.subarray(0, end));
    this.#rest = Buffer.from(bytes.subarray(end));
  }
}

function countFaults(bytes: Uint8Array): number {
  if (bytes.byteLength === 0 || isUtf8(bytes)) return 0;
  const decoded = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  let replaced = 0;
  for (const char of decoded) if (char === "\uFFFD") replaced += 1;
  return replaced - countGenuine(bytes);
}

/** U+FFFD may stand in a text by right. */
function countGenuine(bytes: Uint8Array): number {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let count = 0;
  for (let at = view.indexOf("\uFFFD"); at !== -1; at = view.indexOf("\uFFFD", at + 3)) count += 1;
  return count;
}

/** Bytes at the end that begin a character whose rest is still to come: 0 to 3. */
function unfinishedTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.byteLength); back += 1) {
    const byte = bytes[bytes.byteLength - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}
