import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The program of the newest Node of a release line ("22", "20.19"), by npm, into a directory of its own in `directory`. */
export function obtainNode(directory: string, release: string): string {
  const home = path.join(directory, `node-${release}`);
  mkdirSync(home);
  writeFileSync(path.join(home, "package.json"), "{}");
  const name = `node-linux-${process.arch}`;
  execFileSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", `${name}@${release}`], { cwd: home, stdio: "pipe" });
  return path.join(home, "node_modules", name, "bin", "node");
}
