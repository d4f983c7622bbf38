import { constants } from "node:os";

/** How a process ended, in words for a message, and whether by itself. `walled`: bubblewrap reports a signal of the process inside as 128 + its number. */
export function describeExit(code: number | null, signal: NodeJS.Signals | null, walled: boolean): { readonly how: string; readonly reason: "exited" | "killed" } {
  const name = signal ?? (walled && code !== null && code > 128 ? signalName(code - 128) : null);
  return name === null ? { how: `exited with code ${code}`, reason: "exited" } : { how: `was ended by ${name}`, reason: "killed" };
}

function signalName(number: number): string | null {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? null;
}
