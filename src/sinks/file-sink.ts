import { createHash } from "node:crypto";
import { mkdir, open, rename } from "node:fs/promises";
import path from "node:path";
import { SinkError } from "./sink.js";

/** Writes the document beside its place and renames it: a reader sees all of it or nothing. A repeated delivery puts the same bytes there. */
export async function deliverToFile(file: string, document: string, idempotencyKey: string): Promise<void> {
  const beside = `${file}.${createHash("sha256").update(idempotencyKey).digest("hex").slice(0, 12)}.tmp`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await open(beside, "w");
    try {
      await handle.writeFile(`${document}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    throw new SinkError(`The file ${file} cannot be written (${error instanceof Error ? error.message : String(error)}).`, true, null, { cause: error });
  }
}
