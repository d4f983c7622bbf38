import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { SourceFile } from "./source.js";
import { SourceError } from "./source-error.js";

/** More would be a file system. */
const MAX_FILES = 100_000;
const WILD = /[*?[{]/;

export function isGlob(address: string): boolean {
  return WILD.test(address);
}

/**
 * Files that a pattern names, sorted by name: `*`, `?`, `[a-z]`, `[!a]` and `{a,b}` in a part, `**` for any number of directories. Hidden files only where
 * the pattern writes the dot; links to files are followed, links to directories are not walked by `**`. Node has a glob of its own from 22 on only.
 * @throws SourceError too many; Node's errors of directories that cannot be read
 * @param from where a relative pattern begins @default the working directory
 */
export async function findGlob(pattern: string, from = ""): Promise<readonly SourceFile[]> {
  const parts = pattern.split("/");
  const wildAt = parts.findIndex((part) => WILD.test(part));
  const fixed = parts.slice(0, wildAt).join("/");
  const base = fixed === "" && wildAt > 0 ? "/" : path.join(from, fixed) || ".";
  const found = new Map<string, SourceFile>();
  for (const each of expandBraces(parts.slice(wildAt).join("/"))) await walk(base, "", each.split("/").filter((part) => part !== ""), found);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function walk(base: string, name: string, [part, ...rest]: readonly string[], found: Map<string, SourceFile>): Promise<void> {
  if (part === undefined) return;
  if (found.size > MAX_FILES) throw new SourceError(`There are more than ${MAX_FILES} files in ${base}. Name fewer.`);
  if (part === "**") await walk(base, name, rest.length === 0 ? ["*"] : rest, found);
  const pattern = part === "**" ? null : toRegExp(part);
  for (const entry of await readdir(path.join(base, name), { withFileTypes: true })) {
    if (entry.name.startsWith(".") && part[0] !== ".") continue;
    if (pattern?.test(entry.name) === false) continue;
    const inside = name === "" ? entry.name : `${name}/${entry.name}`;
    const target = path.join(base, inside);
    if (part === "**") {
      if (entry.isDirectory()) await walk(base, inside, [part, ...rest], found);
    } else if (rest.length === 0) {
      if (entry.isFile() || (entry.isSymbolicLink() && (await isKind(target, "isFile")))) found.set(inside, { name: inside, path: target });
    } else if (entry.isDirectory() || (entry.isSymbolicLink() && (await isKind(target, "isDirectory")))) {
      await walk(base, inside, rest, found);
    }
  }
}

async function isKind(target: string, kind: "isFile" | "isDirectory"): Promise<boolean> {
  return (await stat(target).catch(() => null))?.[kind]() === true;
}

/** `a{b,c}` -> `ab`, `ac`; from the innermost. */
function expandBraces(pattern: string): readonly string[] {
  const [whole, before = "", inner = "", after = ""] = /^([^]*?)\{([^{}]*,[^{}]*)\}([^]*)$/.exec(pattern) ?? [];
  return whole === undefined ? [pattern] : inner.split(",").flatMap((each) => expandBraces(before + each + after));
}

function toRegExp(part: string): RegExp {
  const source = part.replaceAll(/\*+|\?|\[(!?)([^\]]+)\]|[^]/gu, (token, not: string | undefined, set: string | undefined) => {
    if (token.startsWith("*")) return ".*";
    if (token === "?") return ".";
    if (set !== undefined) return `[${not === "!" ? "^" : ""}${set.replaceAll(/[\\^[\]]/g, "\\$&")}]`;
    return /[A-Za-z0-9_]/.test(token) || !/[$()*+.?[\\\]^{|}/]/.test(token) ? token : `\\${token}`;
  });
  return new RegExp(`^${source}$`, "su");
}
