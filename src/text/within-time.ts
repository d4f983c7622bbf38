import { createContext, Script } from "node:vm";

const SCRIPT = new Script("check()");
/** An honest check reads tens of megabytes a second. */
const LEAST_MS = 2_000;
const MS_PER_KILOCHAR = 1;

/** A check took so long that something must be wrong with what it checks. */
export class CheckTimeoutError extends Error {
  override readonly name = "CheckTimeoutError";
}

/**
 * Runs a check of a text, and ends it when it takes longer than such a text can need. Patterns, of a schema or to redact, are the user's, and one that was
 * written without thinking of it (`^(a+)+$`) takes for ever on a text that is made for that, which comes from a model or an untrusted input. Node ends what
 * runs below a `vm` script with a time limit, calls out of it and regular expressions included.
 * @throws CheckTimeoutError, and what the check throws
 */
export function withinTime<T>(text: string, check: () => T): T {
  let result: { readonly value: T } | null = null;
  try {
    const timeout = LEAST_MS + Math.ceil((text.length / 1000) * MS_PER_KILOCHAR);
    SCRIPT.runInContext(createContext({ check: () => void (result = { value: check() }) }), { timeout });
  } catch (error) {
    // An error of the script's own context, which knows another class `Error`.
    if (typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw new CheckTimeoutError("It could not be checked in time.");
    throw error;
  }
  if (result === null) throw new Error("A check that has ended has a result.");
  return (result as { readonly value: T }).value;
}
