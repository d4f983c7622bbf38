import { readFileSync, rmSync } from "node:fs";
import { z } from "zod";
import { homePaths } from "./home.js";
import type { ProcessIdentity } from "./process/process-identity.js";
import { replaceFile } from "./replace-file.js";

const Identity = z.object({ pid: z.number().int().positive(), startToken: z.string() });

const StackState = z.object({
  format: z.literal(1),
  /** The process that supervises the others. */
  stack: Identity,
  /** Path of the control socket. */
  socket: z.string(),
  /** `host:port` of the Temporal server; null before its port is chosen. */
  address: z.string().nullable(),
  /** What must be gone after the stack: written right after each spawn, so that a SIGKILL of the stack leaves it on record. */
  children: z.array(Identity.extend({ role: z.enum(["server", "worker", "tools", "dashboard"]), program: z.string() })),
  /** Why the stack gave up, for the command that is waiting for it. */
  failure: z.object({ message: z.string(), hint: z.string() }).nullable(),
});

export type StackState = z.infer<typeof StackState>;
export type RecordedChild = StackState["children"][number];

/** What the home's stack wrote about itself last, alive or not; null when there is nothing, or nothing readable. */
export function readStackState(home: string): StackState | null {
  try {
    return StackState.parse(JSON.parse(readFileSync(homePaths(home).state, "utf8")));
  } catch {
    return null; // Missing, or of another version: either way there is no stack that we could talk to.
  }
}

/** Replaces the state in one rename, mode 0600. Synchronous, so that nothing can happen between a spawn and its record. */
export function writeStackState(home: string, state: StackState): void {
  replaceFile(homePaths(home).state, JSON.stringify(state, null, 2));
}

/** Removes the state and socket of the stack `stack`, unless another one has taken its place. */
export function removeStackState(home: string, stack: ProcessIdentity): void {
  const state = readStackState(home);
  if (state === null || state.stack.pid !== stack.pid || state.stack.startToken !== stack.startToken) return;
  rmSync(state.socket, { force: true });
  rmSync(homePaths(home).state, { force: true });
}
