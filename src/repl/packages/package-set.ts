import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { PackageError } from "./package-error.js";
import { parseWheelName, type WheelName } from "./wheel-name.js";

export interface Wheel extends WheelName {
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
}

/** Packages of a sandbox beside the standard library: wheels in the order in which they are installed. They are part of the sandbox's build id. */
export interface PackageSet {
  /** A directory, or an http(s) URL that ends before the wheels' names. */
  readonly from: string;
  readonly wheels: readonly Wheel[];
}

const NO_PACKAGES: PackageSet = { from: "", wheels: [] };
const EXAMPLE = '{"from": "/opt/wheels", "wheels": ["numpy-2.4.6-cp314-cp314-pyemscripten_2026_0_wasm32.whl"]}';

/**
 * Reads the setting RLM_PACKAGES: JSON `{"from": DIRECTORY or URL, "wheels": ["FILE.whl" or "FILE.whl#sha256=HEX", …]}`. Files of a directory are
 * digested where they are there; a wheel that is not (the base image may exist already, or another machine makes it) needs its digest written down.
 * @throws {PackageError}
 */
export function readPackageSet(setting: string | undefined): PackageSet {
  if (setting === undefined || setting === "") return NO_PACKAGES;
  const { from, wheels } = parseSetting(setting);
  const twice = wheels.find((wheel, at) => wheels.indexOf(wheel) !== at);
  if (twice !== undefined) throw badSetting(`${twice} is listed twice`);
  return { from, wheels: wheels.map((wheel) => resolveWheel(from, wheel)) };
}

/** `numpy 2.4.6`, as the model is told. */
export function packageNames({ wheels }: PackageSet): string[] {
  return wheels.map(({ name, version }) => `${name} ${version}`);
}

export function isUrl(from: string): boolean {
  return /^https?:\/\//.test(from);
}

/** SHA-256 of bytes, hex. @throws {PackageError} it is not the one that was written down. */
export function assertDigest(file: string, bytes: Uint8Array, expected: string | null): string {
  const actual = createHash("sha256").update(bytes).digest("hex");
  if (expected === null || actual === expected) return actual;
  throw new PackageError("digest_mismatch", `The wheel ${file} has the SHA-256 ${actual}, but ${expected} is expected. It was changed or is another version: get the right file, or correct the digest in the setting.`);
}

function resolveWheel(from: string, entry: string): Wheel {
  const [file = "", fragment] = entry.split("#", 2);
  const name = parseWheelName(file);
  const pinned = fragment === undefined ? null : (/^sha256=([0-9a-f]{64})$/.exec(fragment)?.[1] ?? null);
  if (fragment !== undefined && pinned === null) throw badSetting(`"${entry}" has no digest after "#". Write #sha256= and 64 lower-case hex digits`);
  if (!isUrl(from) && existsSync(path.join(from, file))) return { ...name, sha256: assertDigest(file, readFileSync(path.join(from, file)), pinned) };
  if (pinned !== null) return { ...name, sha256: pinned };
  if (isUrl(from)) throw new PackageError("no_digest", `The wheel ${file} comes from ${from} and has no digest. Add #sha256=HEX to it; Pyodide's pyodide-lock.json and "sha256sum FILE" tell the digest.`);
  throw missingWheel(from, file);
}

export function missingWheel(from: string, file: string, cause?: unknown): PackageError {
  const why = isUrl(from) ? ` (${cause instanceof Error ? cause.message : String(cause)})` : "";
  return new PackageError("missing_wheel", `There is no wheel ${file} in ${from}${why}. Put it there, or correct "from" and "wheels" of the packages.`, { cause });
}

function parseSetting(setting: string): { from: string; wheels: readonly string[] } {
  let value: unknown;
  try {
    value = JSON.parse(setting);
  } catch (cause) {
    throw badSetting("it is not JSON", cause);
  }
  const { from, wheels } = (typeof value === "object" && value !== null ? value : {}) as { from?: unknown; wheels?: unknown };
  if (typeof from !== "string" || (!isUrl(from) && !path.isAbsolute(from))) throw badSetting('"from" must be an absolute directory or an http(s) URL');
  if (!Array.isArray(wheels) || !wheels.every((wheel) => typeof wheel === "string")) throw badSetting('"wheels" must be a list of file names');
  return { from, wheels };
}

function badSetting(what: string, cause?: unknown): PackageError {
  return new PackageError("bad_setting", `The packages (RLM_PACKAGES) cannot be used: ${what}. Write ${EXAMPLE}.`, { cause });
}
