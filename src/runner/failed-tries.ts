import { NO_RETRIES, type CallRetries, type StoredReply } from "../core/trajectory.js";
import { BoundedCache } from "../journal/bounded-cache.js";

/** Calls whose failed tries are remembered; those of runs that were cancelled are never asked for again. */
const MAX_CALLS = 10_000;
const MAX_ERROR_CHARS = 300;

/** The tries of calls that failed in this process, until their outcome tells of them. */
export class FailedTries {
  readonly #byKey = new BoundedCache<CallRetries>(MAX_CALLS);

  add(key: string, { message }: Error): void {
    this.#byKey.set(key, addRetries(this.of(key), { count: 1, lastError: shortError(message) }), 1);
  }

  of(key: string): CallRetries {
    return this.#byKey.get(key) ?? NO_RETRIES;
  }
}

export function shortError(message: string): string {
  return message.slice(0, MAX_ERROR_CHARS);
}

export function addRetries(before: CallRetries, after: CallRetries): CallRetries {
  return { count: before.count + after.count, lastError: after.count === 0 ? before.lastError : after.lastError };
}

/** Two accounts of the same tries: the longer one knows more. */
export function longerOf(a: CallRetries, b: CallRetries): CallRetries {
  const [longer, shorter] = a.count >= b.count ? [a, b] : [b, a];
  return { count: longer.count, lastError: longer.lastError ?? shorter.lastError };
}

/** As a part of a stored reply: most calls have none, and their records stay short. */
export function retriesPart(retries: CallRetries): Pick<StoredReply, "retries"> {
  return retries.count === 0 ? {} : { retries };
}
