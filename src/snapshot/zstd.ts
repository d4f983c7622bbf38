import zlib from "node:zlib";

interface ZstdOptions {
  readonly chunkSize: number;
  readonly params?: Record<number, number>;
}

/** Deno and Node >= 22.15 have these; the host on Node 20 never compresses, only the sandbox child does. */
interface ZstdFunctions {
  zstdCompressSync(bytes: Uint8Array, options: ZstdOptions): Uint8Array;
  zstdDecompressSync(bytes: Uint8Array, options: ZstdOptions & { maxOutputLength: number }): Uint8Array;
}

const zstd = zlib as unknown as ZstdFunctions;
/** A group of pages in one go: with zlib's own 16 KiB a time unpacking takes twice as long. */
const CHUNK_BYTES = (1 << 18) + 64;
/** `ZSTD_c_compressionLevel`; level 1 keeps an ordinary turn below 20 ms. */
const FASTEST: ZstdOptions = { chunkSize: CHUNK_BYTES, params: { 100: 1 } };

export function compress(bytes: Uint8Array): Uint8Array {
  return zstd.zstdCompressSync(bytes, FASTEST);
}

/** @throws {RangeError} it unpacks to more than `maxBytes`: a few hundred bytes can claim to be gigabytes, so nothing is unpacked without a bound. */
export function decompress(bytes: Uint8Array, maxBytes: number): Uint8Array {
  return zstd.zstdDecompressSync(bytes, { chunkSize: CHUNK_BYTES, maxOutputLength: maxBytes });
}
