import { readFileSync } from "node:fs";
import { digestOf } from "../../snapshot/file-digests.js";
import type { Interpreter, PyFunction } from "../../snapshot/interpreter.js";
import { ENGINE_MODULE } from "../../snapshot/interpreter-side.js";

/** Unpacks wheels where Python finds them, in order, and notes their compiled files: no others may be loaded. */
export function installWheels(interpreter: Interpreter, paths: readonly string[]): void {
  const { FS } = interpreter.module;
  const engine = interpreter.pyodide.pyimport(ENGINE_MODULE);
  for (const path of paths) {
    FS.writeFile("/tmp/package.whl", readFileSync(path));
    (engine["install_wheel"] as PyFunction)("/tmp/package.whl");
  }
  const compiled = String((engine["compiled_files"] as PyFunction)());
  interpreter.installedExtensions = compiled.split("\n").filter((path) => path !== "").map((path) => digestOf(FS.lookupPath(path).node));
}
