import type { BlobRef } from "../core/blob-ref.js";

export type InputKind = "text" | "bytes" | "json";
/** A stream of texts or bytes: Node's and the web's, a generator, a response's body. */
export type InputStream = AsyncIterable<string | Uint8Array>;

type Where =
  | { readonly from: "file"; readonly path: string }
  | { readonly from: "stream"; readonly stream: InputStream }
  | { readonly from: "stored"; readonly ref: BlobRef };

/** An input that is not a value in memory. Made by `file`, `text`, `bytes` and `blob`. */
export class InputData {
  constructor(readonly where: Where, readonly as: InputKind) {}
}

/**
 * A file; read when the run is started, at any size, without holding it in memory. `.gz` and `.zst` are opened. A directory or a glob
 * becomes a dict of texts; `https://…` is got.
 * @param options.as `json`: its content is the value. `bytes`: as it is. @default "text"
 */
export function file(path: string, options: { readonly as?: InputKind } = {}): InputData {
  return new InputData({ from: "file", path }, options.as ?? "text");
}

/** Text from a stream, read once; UTF-8 when it comes as bytes. */
export function text(stream: InputStream): InputData {
  return new InputData({ from: "stream", stream }, "text");
}

/** Bytes, which Python gets as `bytes`; a stream is read once. */
export function bytes(data: Uint8Array | InputStream): InputData {
  return new InputData({ from: "stream", stream: data instanceof Uint8Array ? once(data) : data }, "bytes");
}

/** What the store holds already, for example what `client.put` has stored: many runs can share it. */
export function blob(ref: BlobRef, options: { readonly as?: InputKind } = {}): InputData {
  return new InputData({ from: "stored", ref }, options.as ?? "text");
}

/** The stream as bytes; a character that is cut between two texts stays whole. */
export async function* toByteStream(stream: InputStream): AsyncGenerator<Uint8Array> {
  let pending = "";
  for await (const chunk of stream) {
    if (typeof chunk !== "string") {
      if (pending !== "") yield Buffer.from(pending, "utf8");
      pending = "";
      yield chunk;
      continue;
    }
    const joined = pending + chunk;
    const cut = /[\uD800-\uDBFF]$/.test(joined) ? joined.length - 1 : joined.length;
    pending = joined.slice(cut);
    if (cut > 0) yield Buffer.from(joined.slice(0, cut), "utf8");
  }
  if (pending !== "") yield Buffer.from(pending, "utf8");
}

async function* once(data: Uint8Array): AsyncGenerator<Uint8Array> {
  yield data;
}
