import { readSync } from "node:fs";
import type { LinearMemory, PyodideModule } from "./emscripten.js";
import { instantiate } from "./wasm/instantiate.js";
import { base64 } from "./wasm/utf8.wasm.js";

interface Utf8Exports {
  readonly stage: LinearMemory;
  readonly target: { value: number };
  readonly characters: { value: number };
  readonly widest: { value: number };
  readonly invalid: { value: number };
  has_non_ascii(address: number, bytes: number): number;
  decode(bytes: number, width: number): number;
}

const STAGE_BYTES = 1 << 20;

/** Decodes UTF-8 files into the interpreter's memory, a MiB at a time. */
export class Utf8Decoder {
  readonly #exports: Utf8Exports;
  readonly #stage: Uint8Array;

  constructor(module: PyodideModule) {
    this.#exports = instantiate(base64, module.memory) as Utf8Exports;
    this.#stage = new Uint8Array(this.#exports.stage.buffer);
  }

  isAscii(address: number, bytes: number): boolean {
    return this.#exports.has_non_ascii(address | 0, bytes | 0) === 0;
  }

  /**
   * Length in code points and the highest one; `null` when the file is not valid UTF-8. `onWindow` is told, window by window, how many bytes and
   * characters lie behind; no character lies across the end of one.
   */
  measure(fd: number, bytes: number, windowBytes = STAGE_BYTES, onWindow?: (bytes: number, characters: number) => void): { characters: number; widest: number } | null {
    return this.#run(fd, bytes, 0, 0, windowBytes, onWindow) ? { characters: this.#exports.characters.value >>> 0, widest: this.#exports.widest.value } : null;
  }

  /** Writes the file's code points at `address` as units of `width` bytes. Returns the bytes written, or `null` when it is not valid UTF-8. */
  write(fd: number, bytes: number, address: number, width: 1 | 2 | 4): number | null {
    return this.#run(fd, bytes, address, width) ? (this.#exports.characters.value >>> 0) * width : null;
  }

  #run(fd: number, bytes: number, address: number, width: number, windowBytes = STAGE_BYTES, onWindow?: (bytes: number, characters: number) => void): boolean {
    const { target, characters, widest, invalid } = this.#exports;
    target.value = address | 0;
    for (const counter of [characters, widest, invalid]) counter.value = 0;
    let held = 0;
    for (let done = 0; done < bytes || held > 0; ) {
      const wanted = Math.min(windowBytes - held, bytes - done);
      const read = wanted === 0 ? 0 : readSync(fd, this.#stage, held, wanted, done);
      if (read === 0 && done < bytes) return false;
      done += read;
      held += read;
      const used = this.#exports.decode(held, width);
      if (invalid.value !== 0 || used === 0) return false;
      this.#stage.copyWithin(0, used, held);
      held -= used;
      onWindow?.(done - held, characters.value >>> 0);
    }
    return true;
  }
}
