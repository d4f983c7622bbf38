import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const Manifest = z.object({ version: z.string() });

/** Root of this package: the nearest directory above with a package.json, the same from `src/` and from `dist/`. */
export function packageRoot(): string {
  let dir = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(dir, "package.json"))) {
    const parent = path.dirname(dir);
    if (parent === dir) throw new Error("The package's root was not found: no package.json above " + import.meta.url);
    dir = parent;
  }
  return dir;
}

/** Absolute path of a compiled program of this package, as in `compiledProgram("worker/main.js")`. */
export function compiledProgram(relativePath: string): string {
  return path.join(packageRoot(), "dist", relativePath);
}

/** Versions that a person needs when something does not fit together. */
export function packageVersions(): { readonly package: string; readonly pyodide: string } {
  return { package: versionOf(path.join(packageRoot(), "package.json")), pyodide: pyodideVersion() };
}

function pyodideVersion(): string {
  const entry = createRequire(import.meta.url).resolve("pyodide");
  return versionOf(path.join(path.dirname(entry), "package.json"));
}

function versionOf(manifestFile: string): string {
  return Manifest.parse(JSON.parse(readFileSync(manifestFile, "utf8"))).version;
}
