import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SandboxUnavailableError } from "./session.js";

/** Where the sandbox's files are, as absolute real paths. */
export interface PackagePaths {
  /** Compiled child program; Deno runs it from `dist/` also when the host runs from sources. */
  readonly childDirectory: string;
  readonly snapshotDirectory: string;
  readonly preludeDirectory: string;
  readonly pyodideDirectory: string;
}

/** @throws {SandboxUnavailableError} the program was not built, or a dependency is missing. */
export function resolvePackagePaths(): PackagePaths {
  const root = packageRoot();
  const childDirectory = join(root, "dist/src/repl/child");
  if (!existsSync(join(childDirectory, "main.js"))) {
    throw new SandboxUnavailableError(`The sandbox's program ${join(childDirectory, "main.js")} does not exist. Run "npm run build".`);
  }
  return {
    childDirectory: realpathSync(childDirectory),
    snapshotDirectory: realpathSync(join(root, "dist/src/snapshot")),
    preludeDirectory: join(root, "src/repl/prelude"),
    pyodideDirectory: pyodideDirectory(),
  };
}

function packageRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let directory = start; ; directory = dirname(directory)) {
    if (existsSync(join(directory, "package.json"))) return directory;
    if (directory === dirname(directory)) throw new SandboxUnavailableError(`No package.json above ${start}. Install the package again.`);
  }
}

function pyodideDirectory(): string {
  try {
    return realpathSync(dirname(createRequire(import.meta.url).resolve("pyodide/package.json")));
  } catch (cause) {
    throw new SandboxUnavailableError('The package "pyodide" is not installed. Run "npm ci".', { cause });
  }
}
