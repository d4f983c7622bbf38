import type { Composed } from "../api/compose/compose.js";
import type { HostedTools } from "./host-tools.js";
import type { Extras } from "./read-extras.js";

/** As `hostTools`, which is loaded only where tools are named: starting a process takes a second. */
export async function hostNamedTools(composed: Composed, { tools }: Extras, onEvent: (line: string) => void): Promise<HostedTools> {
  return tools === null ? { endsWithCommand: false, [Symbol.asyncDispose]: async () => undefined } : (await import("./host-tools.js")).hostTools(composed, tools, onEvent);
}

/** For a command that leaves what it has started, and takes the tools along. @param what as in "this run" */
export function toolsWarning(what: string, file: string): string {
  return `Nobody hosts the tools of ${what} now: it waits at its next tool call until a machine does.\n  rlm worker --tools ${file}`;
}
