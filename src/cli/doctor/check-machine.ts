import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { resolveDenoBinary } from "../../repl/deno-binary.js";
import { findIsolation, type BubblewrapMode } from "../../repl/isolation.js";
import { packageRoot, packageVersions } from "../../stack/package-files.js";
import { check, CheckFailedError, type Check, type Finding } from "./check.js";

const MODES: ReadonlySet<string> = new Set(["auto", "off", "require"] satisfies BubblewrapMode[]);

/** The programs of this machine that a worker is made of. */
export async function checkMachine(env: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  return [await check("node", checkNode), await check("packages", checkPackages), await check("sandbox", () => checkSandbox(env["RLM_BUBBLEWRAP"] || "auto"))];
}

async function checkNode(): Promise<string> {
  const { engines } = JSON.parse(await readFile(path.join(packageRoot(), "package.json"), "utf8")) as { engines: { node: string } };
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(engines.node) ?? [];
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split(".").map(Number);
  const at = `${process.version} on ${process.platform} ${process.arch}`;
  if (ownMajor < Number(major) || (ownMajor === Number(major) && ownMinor < Number(minor))) throw new CheckFailedError(`This is Node ${at}; ${engines.node} is needed.`, "Install a newer Node.");
  return at;
}

async function checkPackages(): Promise<string> {
  const { stdout } = await promisify(execFile)(resolveDenoBinary(), ["--version"], { env: { HOME: "/nonexistent" }, timeout: 10_000 });
  const { package: own, pyodide } = packageVersions();
  return `durable-rlm ${own}, Pyodide ${pyodide}, Deno ${/^deno (\S+)/.exec(stdout)?.[1] ?? "of unknown version"}`;
}

async function checkSandbox(mode: string): Promise<string | Finding> {
  if (!MODES.has(mode)) throw new CheckFailedError(`RLM_BUBBLEWRAP is "${mode}".`, `Set it to ${[...MODES].join(", ")}, or leave it unset.`);
  const { level, explanation } = await findIsolation(mode as BubblewrapMode, resolveDenoBinary());
  return level === "deno+bubblewrap" ? explanation : { detail: explanation, hint: "Runs work with one wall. RLM_BUBBLEWRAP=require makes workers refuse to start without the second." };
}
