import type { LedgerRow } from "../../src/testing/index.js";
import { LONGEST_STORE_MS, NEIGHBOURS_WITHIN_MS, STORE_WINDOW_MS } from "./knobs.js";
import type { StoredCall } from "./stored-replies.js";

interface StoreTime {
  readonly answeredAtMs: number;
  readonly tookMs: number;
}

/** How long replies were on their way from the model server's answer into the store: the moments in which a kill makes an answer be asked for again. */
export class StoreTimes {
  readonly #times: readonly StoreTime[];

  constructor(rows: readonly LedgerRow[], stored: ReadonlyMap<string, StoredCall>) {
    this.#times = rows.flatMap(({ answered, endedAtMs, idempotencyKey }) => {
      const storedAtMs = stored.get(idempotencyKey ?? "")?.storedAtMs ?? Infinity;
      // What was answered and stored only when it was asked for again is what the kills are about.
      const isTheStored = answered && endedAtMs !== null && !rows.some((other) => other.idempotencyKey === idempotencyKey && other.startedAtMs > endedAtMs && other.startedAtMs < storedAtMs);
      return isTheStored && storedAtMs < Infinity ? [{ answeredAtMs: endedAtMs, tookMs: storedAtMs - endedAtMs }] : [];
    });
  }

  get medianMs(): number {
    const sorted = this.#times.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  }

  /** As long as any reply took that was answered at about that time: all processes of a world share a machine that now and then stands still. */
  windowAt(answeredAtMs: number): number {
    const neighbours = this.#times.filter((each) => Math.abs(each.answeredAtMs - answeredAtMs) <= NEIGHBOURS_WITHIN_MS);
    return Math.min(LONGEST_STORE_MS, Math.max(STORE_WINDOW_MS, ...neighbours.map(({ tookMs }) => tookMs)));
  }
}
