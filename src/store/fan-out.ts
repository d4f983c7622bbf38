import { access } from "node:fs/promises";
import path from "node:path";
import { ensureDirectory, syncDirectory } from "./durable-file.js";

/** The 256 directories of the blobs, once: made on demand, most puts of a young store paid for one, and for its fsync. */
export async function makeFanOut(directory: string): Promise<void> {
  const names = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));
  const last = path.join(directory, "ff");
  if (await access(last).then(() => true, () => false)) return;
  for (const name of names) await ensureDirectory(path.join(directory, name));
  await syncDirectory(directory);
}
