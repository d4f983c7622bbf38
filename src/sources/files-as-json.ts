import { readSourceFile } from "./open-source.js";
import type { Redaction } from "./redaction.js";
import type { SourceFile } from "./source.js";
import { SourceError } from "./source-error.js";

/**
 * Files as one JSON object, name -> text, while they are read.
 * @param through sees the bytes of each file on their way
 * @throws SourceError while reading
 */
export async function* filesAsJson(files: readonly SourceFile[], redaction: Redaction, through: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let before = "{";
  for (const { name, path } of files) {
    if (redaction.text(name) !== name) throw new SourceError("The name of a file matches a pattern to redact, and names are kept. Rename it, or change the pattern.");
    yield Buffer.from(`${before}${JSON.stringify(name)}:"`);
    for await (const text of redaction.texts(through(readSourceFile(path, false)))) yield Buffer.from(JSON.stringify(text).slice(1, -1));
    before = "\",";
  }
  yield Buffer.from("\"}");
}
