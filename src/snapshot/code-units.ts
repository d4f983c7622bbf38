/** Bytes of one character in a Python `str`: set by its widest character. */
export type Unit = 1 | 2 | 4;

/** The characters of `text` as CPython keeps them. `isAscii` tells apart the two kinds of one-byte text. */
export function toCodeUnits(text: string): { readonly unit: Unit; readonly isAscii: boolean; readonly bytes: Uint8Array } {
  const widest = widestUnit(text);
  if (widest <= 0xff) return { unit: 1, isAscii: widest <= 0x7f, bytes: Buffer.from(text, "latin1") };
  if (widest <= 0xffff) return { unit: 2, isAscii: false, bytes: Buffer.from(text, "utf16le") };
  const points = Uint32Array.from(text, (character) => character.codePointAt(0) ?? 0);
  return { unit: 4, isAscii: false, bytes: new Uint8Array(points.buffer) };
}

/** A bound of the widest character: 0x7f, 0xff, 0xffff or 0x10ffff. */
function widestUnit(text: string): number {
  // As long in UTF-8 as in characters: nothing but ASCII. Native, and most text is.
  if (Buffer.byteLength(text) === text.length) return 0x7f;
  if (!/[\u0100-\uffff]/.test(text)) return 0xff;
  return /[\ud800-\udbff][\udc00-\udfff]/.test(text) ? 0x10ffff : 0xffff;
}
