import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../src/stack/package-files.js";
import { tempDir } from "../helpers/temp-dir.js";

const COMPILER_OPTIONS = { target: "ES2023", module: "NodeNext", lib: ["ES2023", "ESNext.Disposable"], types: ["node"], strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, skipLibCheck: true, outDir: "out" };

export interface OutsidePackage {
  readonly directory: string;
  /** What tsc says; empty when it is content. The compiled programs lie in `out`. */
  compile(): string;
}

/** A directory with a package of its own that has `durable-rlm` (this checkout, by its exports), `zod` and Temporal's packages installed, for the time of a test. */
export async function outsidePackage(files: Readonly<Record<string, string | { readonly copyOf: string }>>): Promise<OutsidePackage> {
  const directory = await tempDir();
  const modules = path.join(directory, "node_modules");
  mkdirSync(path.join(modules, "@types"), { recursive: true });
  symlinkSync(packageRoot(), path.join(modules, "durable-rlm"));
  for (const name of ["zod", "@temporalio", "@types/node", "undici-types"]) symlinkSync(path.join(packageRoot(), "node_modules", name), path.join(modules, name));
  writeFileSync(path.join(directory, "package.json"), JSON.stringify({ name: "outside", private: true, type: "module" }));
  writeFileSync(path.join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: Object.keys(files).filter((name) => name.endsWith(".ts")) }));
  for (const [name, content] of Object.entries(files)) {
    if (typeof content === "string") writeFileSync(path.join(directory, name), content);
    else copyFileSync(content.copyOf, path.join(directory, name));
  }
  return {
    directory,
    compile() {
      const tsc = path.join(packageRoot(), "node_modules", "typescript", "bin", "tsc");
      return spawnSync(process.execPath, [tsc, "-p", directory], { encoding: "utf8" }).stdout;
    },
  };
}
