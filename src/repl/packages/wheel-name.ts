import { PackageError } from "./package-error.js";

/** What a wheel's file name says. */
export interface WheelName {
  readonly file: string;
  readonly name: string;
  readonly version: string;
}

/** Python 3.14, as in tags (PEP 425). */
const PYTHON_MINOR = 14;
/** The ABI of Pyodide 314 (PEP 783), and the name it had before. */
const PLATFORMS: readonly string[] = ["pyemscripten_2026_0_wasm32", "pyodide_2026_0_wasm32"];
const FILE_NAME = /^([A-Za-z0-9._]+)-([A-Za-z0-9._!+]+)(?:-\d[A-Za-z0-9._]*)?-([A-Za-z0-9._]+)-([A-Za-z0-9._]+)-([A-Za-z0-9._]+)\.whl$/;

/**
 * Reads the file name of a wheel (PEP 427) and checks that the sandbox's Python can use it.
 * @throws {PackageError} it is not a wheel's name, or one for another Python or platform
 */
export function parseWheelName(file: string): WheelName {
  const [, name, version, pythons = "", abis = "", platforms = ""] = FILE_NAME.exec(file) ?? [];
  if (name === undefined || version === undefined) throw new PackageError("bad_wheel_name", `"${file}" is not the file name of a wheel. Write it like numpy-2.4.6-cp314-cp314-${PLATFORMS[0]}.whl, without a directory.`);
  const fits = platforms.split(".").some((platform) => abis.split(".").some((abi) => pythons.split(".").some((python) => isUsable(python, abi, platform))));
  if (fits) return { file, name, version };
  throw new PackageError(
    "wrong_platform",
    `The wheel ${file} is for ${pythons}-${abis}-${platforms}; the sandbox is cp3${PYTHON_MINOR} on ${PLATFORMS[0]}. Take the package's wheel from the release of Pyodide 314.0.7, or a pure Python one (…-py3-none-any.whl).`,
  );
}

function isUsable(python: string, abi: string, platform: string): boolean {
  const [, kind, minor = "0"] = /^(py|cp)3(\d*)$/.exec(python) ?? [];
  if (kind === undefined || Number(minor || 0) > PYTHON_MINOR) return false;
  if (platform === "any") return abi === "none";
  if (!PLATFORMS.includes(platform)) return false;
  if (abi === "abi3" || abi === "none") return true;
  return abi === `cp3${PYTHON_MINOR}` && python === abi;
}
