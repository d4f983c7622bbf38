import { createReadStream } from "node:fs";
import { MAX_HTTP_BYTES, openHttp, tooLarge, type HttpLimits } from "./http-source.js";
import { publicUrl } from "./http-url.js";
import type { Located, OpenedSource } from "./source.js";
import { reason, SourceError } from "./source-error.js";
import { unpacked } from "./unpack.js";

const CHUNK_BYTES = 1 << 20;

/**
 * Bytes of a file; `.gz` and `.zst` are opened unless `raw`.
 * @throws SourceError while reading
 */
export async function* readSourceFile(path: string, raw: boolean): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  try {
    yield* raw ? (file as AsyncIterable<Uint8Array>) : unpacked(path, file);
  } catch (error) {
    throw new SourceError(`${path} cannot be read to its end (${error instanceof Error ? error.message : String(error)}). Is it whole? Copy it again, or leave it out.`, { cause: error });
  } finally {
    file.destroy();
  }
}

/**
 * Opens what is one piece of data.
 * @throws SourceError at once or while reading
 */
export async function openSource(located: Exclude<Located, { kind: "files" }>, raw: boolean, limits: HttpLimits = {}): Promise<OpenedSource> {
  if (located.kind === "file") return { chunks: readSourceFile(located.path, raw) };
  const { chunks, origin } = await openHttp(located.url, limits);
  return { origin, chunks: raw ? chunks : unpackedHttp(located.url, chunks, limits.maxBytes ?? MAX_HTTP_BYTES) };
}

/** A server may send a `.gz` file as packed for the way, and then it is open already. */
async function* unpackedHttp(url: string, chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  const begin: Uint8Array[] = [];
  while (Buffer.concat(begin).byteLength < 4) {
    const { done, value } = await source.next();
    if (done === true) break;
    begin.push(value);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* begin;
    yield* { [Symbol.asyncIterator]: () => source };
  }
  const { pathname } = new URL(url);
  const magic = Buffer.concat(begin).toString("hex");
  const isPacked = pathname.endsWith(".gz") ? magic.startsWith("1f8b") : magic.startsWith("28b52ffd");
  let bytes = 0;
  try {
    for await (const chunk of isPacked ? unpacked(pathname, all()) : all()) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw tooLarge(publicUrl(url), maxBytes);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError(`${publicUrl(url)} cannot be unpacked to its end (${reason(error)}). Is it whole at the server?`, { cause: error });
  } finally {
    await source.return?.();
  }
}
