import zlib from "node:zlib";

/** Deno and Node >= 22.15 have these; the host on Node 20 never compresses, only the sandbox child does. */
interface ZstdFunctions {
  zstdCompressSync(bytes: Uint8Array, options: { params: Record<number, number> }): Uint8Array;
  zstdDecompressSync(bytes: Uint8Array): Uint8Array;
}

const zstd = zlib as unknown as ZstdFunctions;
/** `ZSTD_c_compressionLevel`; level 1 keeps an ordinary turn below 20 ms. */
const FASTEST = { params: { 100: 1 } };

export function compress(bytes: Uint8Array): Uint8Array {
  return zstd.zstdCompressSync(bytes, FASTEST);
}

export function decompress(bytes: Uint8Array): Uint8Array {
  return zstd.zstdDecompressSync(bytes);
}
