import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PreludeModule } from "./child/protocol.js";
import type { Wheel } from "./packages/package-set.js";

/** Pinned: a snapshot's addresses mean something in this very build only. */
const PYODIDE_VERSION = "314.0.7";

/** `<pyodide version>.<8 hex of SHA-256>` over the child's program, the prelude and the installed packages: what a snapshot depends on. */
export function computeBuildId(programDirectories: readonly string[], prelude: readonly PreludeModule[], wheels: readonly Pick<Wheel, "file" | "sha256">[]): string {
  const hash = createHash("sha256");
  for (const directory of programDirectories) {
    const files = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js")).sort();
    for (const name of files) hash.update(`${name}\0`).update(readFileSync(join(directory, name))).update("\0");
  }
  for (const { stem, source } of prelude) hash.update(`${stem}\0${source}\0`);
  for (const { file, sha256 } of wheels) hash.update(`${file}\0${sha256}\0`);
  return `${PYODIDE_VERSION}.${hash.digest("hex").slice(0, 8)}`;
}
