import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { PyodideModule } from "../../snapshot/emscripten.js";
import { indexText, type TextIndex } from "../../snapshot/text-index.js";
import type { Utf8Decoder } from "../../snapshot/utf8-decoder.js";

/** A text is `str` while it takes at most this share of the memory limit, with all that is loaded already. */
const SHARE_OF_MEMORY = 0.75;
/** Hard limit of one object. */
const MAX_STR_BYTES = 2 ** 31 - 65_536;
/** A `str` is at most four times its UTF-8. */
const WIDEST = 4;
const MAX_READ_BYTES = 64 * 2 ** 20;

export interface LazyThreshold {
  /** A text whose `str` takes more bytes stays outside of memory. */
  readonly aboveBytes: number;
  readonly memoryLimitBytes: number;
}

/** The index of a text that is to stay in its file; `null`: load it. @throws {Error} it must stay outside, and is not UTF-8. */
export function lazyIndex(module: PyodideModule, decoder: Utf8Decoder, path: string, { aboveBytes, memoryLimitBytes }: LazyThreshold): TextIndex | null {
  const room = memoryLimitBytes * SHARE_OF_MEMORY - (module._sbrk(0) >>> 0);
  const most = Math.min(aboveBytes, room, MAX_STR_BYTES);
  const { size } = statSync(path);
  if (size * WIDEST <= most) return null;
  const index = indexText(decoder, path);
  if (index === null && size > most) throw new Error(`a text of ${size} bytes is too large for memory and not valid UTF-8. Convert it to UTF-8, or give it as bytes.`);
  return index === null || index.strBytes <= most ? null : index;
}

/** Reads inputs of the session's own directory for Python. Files are immutable, so that a replay and a restored session read the same. */
export class InputReader {
  readonly #pathOf: (digest: string) => string;
  readonly #open = new Map<string, number>();
  #buffer = new Uint8Array(0);

  constructor(pathOf: (digest: string) => string) {
    this.#pathOf = pathOf;
  }

  /** The bytes asked for, in a buffer that the next call uses again. @throws {Error} no such input, or not so many bytes. */
  read(digest: unknown, offset: unknown, count: unknown): Uint8Array {
    if (typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest)) throw new TypeError("an input is named by its digest");
    if (!isCount(offset) || !isCount(count) || count > MAX_READ_BYTES) throw new RangeError(`${String(count)} bytes cannot be read at once`);
    if (this.#buffer.length < count) this.#buffer = new Uint8Array(count);
    const bytes = this.#buffer.subarray(0, count);
    const fd = this.#descriptor(digest);
    for (let done = 0; done < count; ) {
      const read = readSync(fd, bytes, done, count - done, offset + done);
      if (read === 0) throw new RangeError(`the input ends before byte ${offset + count}`);
      done += read;
    }
    return bytes;
  }

  #descriptor(digest: string): number {
    const known = this.#open.get(digest);
    if (known !== undefined) return known;
    const fd = openSync(this.#pathOf(digest), "r");
    // A run has few inputs; this bounds what a hostile cell could open.
    if (this.#open.size >= 64) {
      for (const each of this.#open.values()) closeSync(each);
      this.#open.clear();
    }
    this.#open.set(digest, fd);
    return fd;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
