import { readFileSync } from "node:fs";
import { z } from "zod";
import { homePaths } from "../home.js";
import { replaceFile } from "../replace-file.js";

/** Which files of tools a stack hosts. No environment: it may hold secrets. */
const HostedTools = z.array(z.object({ file: z.string(), digest: z.string(), cwd: z.string(), forSchedules: z.boolean().default(false) }));
export type HostedTools = z.infer<typeof HostedTools>;

/** What the home's last stack hosted, for the next one. */
export function readHostedTools(home: string): HostedTools {
  try {
    return HostedTools.parse(JSON.parse(readFileSync(homePaths(home).hostedTools, "utf8")));
  } catch {
    return []; // None yet, or of another version.
  }
}

export function writeHostedTools(home: string, hosted: HostedTools): void {
  replaceFile(homePaths(home).hostedTools, JSON.stringify(hosted, null, 2));
}
