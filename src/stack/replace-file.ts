import { randomBytes } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";

/** Writes a file (mode 0600) so that readers see the old text or the new one, never a part. Synchronous: nothing happens in between. */
export function replaceFile(file: string, text: string): void {
  const scratch = `${file}.${randomBytes(6).toString("hex")}`;
  writeFileSync(scratch, `${text}\n`, { mode: 0o600 });
  renameSync(scratch, file);
}
