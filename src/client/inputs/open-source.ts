import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { PassThrough } from "node:stream";
import * as zlib from "node:zlib";
import { InputError } from "../errors.js";

const CHUNK_BYTES = 1 << 20;

/**
 * Bytes of a file; `.gz` and `.zst` are opened unless `raw`.
 * @throws InputError with the cure, at once or while reading
 */
export async function* readInputFile(name: string, path: string, raw: boolean): AsyncGenerator<Uint8Array> {
  await requireFile(name, path);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const unpacked = raw ? null : unpacker(name, path);
  try {
    if (unpacked === null) yield* file as AsyncIterable<Uint8Array>;
    else yield* throughPipeline(file, unpacked);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(name, `Input \`${name}\`: ${path} cannot be read to its end (${why}).`, { cause: error });
  } finally {
    file.destroy();
  }
}

/** @throws InputError */
export async function requireFile(name: string, path: string): Promise<void> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw new InputError(name, `Input \`${name}\`: ${path} is a directory. Name a file.`);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    const why = code === "ENOENT" ? "there is no such file" : code === "EACCES" ? "it may not be read" : code;
    throw new InputError(name, `Input \`${name}\`: ${path}: ${why}. Check the path after "@".`, { cause: error });
  }
}

type Unpacker = ReturnType<typeof zlib.createGunzip>;

function unpacker(name: string, path: string): Unpacker | null {
  if (path.endsWith(".gz")) return zlib.createGunzip({ chunkSize: CHUNK_BYTES });
  if (!path.endsWith(".zst")) return null;
  // Node has zstd from 22.15 on only.
  const create: unknown = Reflect.get(zlib, "createZstdDecompress");
  if (typeof create === "function") return (create as () => Unpacker)();
  throw new InputError(name, `Input \`${name}\`: this Node (${process.version}) cannot open .zst files. Use Node 22.15 or newer, or unpack ${path} first.`);
}

async function* throughPipeline(file: Readable, unpacked: Unpacker): AsyncGenerator<Uint8Array> {
  const out = new PassThrough({ highWaterMark: CHUNK_BYTES });
  const done = pipeline(file, unpacked, out).catch((error: unknown) => {
    out.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  yield* out as AsyncIterable<Uint8Array>;
  await done;
}
