import { readdirSync } from "node:fs";
import path from "node:path";
import { PackageError } from "./package-error.js";
import { isUrl } from "./package-set.js";

/**
 * Reads `--packages`: a directory, of which all wheels are meant, in the order of their names; or where wheels are and which, `PLACE/A.whl,B.whl#sha256=HEX`,
 * in the order of installing. A server is not asked what it has, so a URL names them.
 * @param cwd what a relative directory is seen from.
 * @returns the setting RLM_PACKAGES.
 * @throws {PackageError}
 */
export function readPackagesFlag(value: string, cwd: string): string {
  const named = /^(.*?)\/?([^/]*\.whl.*)$/s.exec(value);
  const [, place = "", files = ""] = named ?? [null, value, ""];
  if (isUrl(place)) {
    if (named === null) throw wrong(value, `a server is not asked what it has. Name the wheels: ${place.replace(/\/$/, "")}/A.whl#sha256=HEX,B.whl#sha256=HEX`);
    return setting(place, files.split(","));
  }
  const directory = path.resolve(cwd, place);
  return setting(directory, named === null ? wheelsIn(directory, value) : files.split(","));
}

function wheelsIn(directory: string, value: string): string[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch (cause) {
    throw wrong(value, `the directory ${directory} cannot be read (${cause instanceof Error ? cause.message : String(cause)}). Name a directory with wheels`, cause);
  }
  const wheels = names.filter((name) => name.endsWith(".whl")).sort();
  if (wheels.length === 0) throw wrong(value, `there is no wheel (*.whl) in ${directory}. Put the wheels there, those of their dependencies too`);
  return wheels;
}

function setting(from: string, wheels: readonly string[]): string {
  return JSON.stringify({ from, wheels });
}

function wrong(value: string, what: string, cause?: unknown): PackageError {
  return new PackageError("bad_setting", `--packages ${value}: ${what}.`, { cause });
}
