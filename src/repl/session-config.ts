import type { RunSpec } from "../core/run-spec.js";
import type { SessionConfig } from "./session.js";

/** What the session of a run is told once. */
export function sessionConfig({ signature, limits, tools = [], setup, inherited }: RunSpec, seed: string): SessionConfig {
  return {
    outputNames: signature.outputs.map(({ name }) => name),
    optionalOutputNames: signature.outputs.filter(({ optional }) => optional === true).map(({ name }) => name),
    tools,
    recursion: limits.maxDepth > 0,
    // A child run has what its parent's setup has made, as its parent has left it.
    ...(setup !== undefined && inherited === undefined && { setup }),
    maxOutputChars: limits.maxOutputChars,
    lazyTextAboveBytes: limits.lazyTextAboveBytes,
    memoryLimitBytes: limits.memoryLimitBytes,
    seed,
  };
}
