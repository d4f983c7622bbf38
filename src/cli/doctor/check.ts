import { explainError } from "../explain-error.js";

/** One line of what `rlm doctor` says. Field names are stable: `--json` prints it. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** The cure of a failure; with `ok`, advice. */
  readonly hint: string | null;
}

/** What a look found, when nothing is wrong; with advice where it could be better. */
export interface Finding {
  readonly detail: string;
  readonly hint: string;
}

/** Something a run needs is not as it should be. `hint` is the cure. */
export class CheckFailedError extends Error {
  override readonly name = "CheckFailedError";
  constructor(message: string, readonly hint: string) {
    super(message);
  }
}

/** Takes one look; whatever it throws is its failure. */
export async function check(name: string, look: () => Promise<string | Finding>): Promise<Check> {
  try {
    const found = await look();
    return typeof found === "string" ? { name, ok: true, detail: found, hint: null } : { name, ok: true, ...found };
  } catch (error) {
    const { message, hint } = explainError(error);
    return { name, ok: false, detail: message, hint };
  }
}
