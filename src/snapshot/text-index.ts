import { closeSync, fstatSync, openSync } from "node:fs";
import type { Utf8Decoder } from "./utf8-decoder.js";

/** What must be known of a UTF-8 file to use it as a text without loading it. */
export interface TextIndex {
  readonly bytes: number;
  readonly characters: number;
  /** Bytes that a Python `str` of it would take: 1, 2 or 4 a character, by the widest one. */
  readonly strBytes: number;
  /** u64 byte positions, then as many u64 character positions: the starts of windows of about 64 KiB, and the end. */
  readonly checkpoints: Uint8Array;
}

/** A slice reads and decodes at most this much to find its ends: 0.1 ms. The table of a gigabyte takes 256 KiB. */
const CHECKPOINT_BYTES = 1 << 16;

/** Reads a file once (about a second for a gigabyte). `null`: it is not valid UTF-8. */
export function indexText(decoder: Utf8Decoder, path: string): TextIndex | null {
  const fd = openSync(path, "r");
  try {
    const bytes = fstatSync(fd).size;
    const byteAt = [0n];
    const characterAt = [0n];
    const measured = decoder.measure(fd, bytes, CHECKPOINT_BYTES, (byte, character) => {
      byteAt.push(BigInt(byte));
      characterAt.push(BigInt(character));
    });
    if (measured === null) return null;
    const { characters, widest } = measured;
    const unit = widest <= 0xff ? 1 : widest <= 0xffff ? 2 : 4;
    return { bytes, characters, strBytes: characters * unit, checkpoints: new Uint8Array(BigUint64Array.from([...byteAt, ...characterAt]).buffer) };
  } finally {
    closeSync(fd);
  }
}
