import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Decompress } from "fzstd";

const CHUNK_BYTES = 1 << 20;
/** A block of 4 bytes may stand for 128 KiB: small pieces keep what comes out at once small, whatever comes in. */
const ZST_PIECE_BYTES = 1024;

/** Opens what is packed, by the ending of its name: `.gz` (all members of it), `.zst`. Memory is bounded, whatever it unpacks to. */
export function unpacked(name: string, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  if (name.endsWith(".gz")) return gunzipped(chunks);
  return name.endsWith(".zst") ? unzstd(chunks) : chunks;
}

async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const out = new PassThrough({ highWaterMark: CHUNK_BYTES });
  const done = pipeline(Readable.from(chunks, { objectMode: false }), createGunzip({ chunkSize: CHUNK_BYTES }), out).catch((error: unknown) => {
    out.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  yield* out as AsyncIterable<Uint8Array>;
  await done;
}

/** Node has zstd from 22.15 on only. */
async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  // The buffer that it hands out is used again for its window.
  const decompress = new Decompress((part) => ready.push(part.slice()));
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.byteLength; at += ZST_PIECE_BYTES) {
      decompress.push(chunk.slice(at, at + ZST_PIECE_BYTES));
      yield* ready;
      ready = [];
    }
  }
  decompress.push(new Uint8Array(0), true);
  yield* ready;
}
