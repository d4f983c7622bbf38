import type { LedgerRow } from "../../src/testing/index.js";
import { LONGEST_STORE_MS, STORE_WINDOW_MS } from "./knobs.js";
import type { StoredCall } from "./stored-replies.js";

/** How long replies were on their way from the model server's answer into the store: the moments in which a kill makes an answer be asked for again. */
export class StoreTimes {
  readonly #timesMs: readonly number[];

  constructor(rows: readonly LedgerRow[], stored: ReadonlyMap<string, StoredCall>) {
    const timesMs = rows.flatMap(({ answered, endedAtMs, idempotencyKey }) => {
      const storedAtMs = stored.get(idempotencyKey ?? "")?.storedAtMs ?? Infinity;
      // What was answered and stored only when it was asked for again is what the kills are about.
      const isTheStored = answered && endedAtMs !== null && !rows.some((other) => other.idempotencyKey === idempotencyKey && other.startedAtMs > endedAtMs && other.startedAtMs < storedAtMs);
      return isTheStored && storedAtMs < Infinity ? [storedAtMs - endedAtMs] : [];
    });
    this.#timesMs = timesMs.sort((a, b) => a - b);
  }

  get medianMs(): number {
    return this.#timesMs[this.#timesMs.length >> 1] ?? 0;
  }

  /** How long a kill may come after an answer and still have kept it from the store: as long as any reply of the world took, since all its processes share a machine that now and then stands still. */
  get windowMs(): number {
    return Math.min(LONGEST_STORE_MS, Math.max(STORE_WINDOW_MS, this.#timesMs.at(-1) ?? 0));
  }
}
