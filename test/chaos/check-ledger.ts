import type { LedgerRow } from "../../src/testing/index.js";
import { CALL_TIMEOUT_MS, LOOKUP_RACE_MS, STORE_WINDOW_MS } from "./knobs.js";
import { StoreTimes } from "./store-times.js";
import type { StoredCall } from "./stored-replies.js";
import type { Struck } from "./timeline.js";

type Blows = readonly Pick<Struck, "blow" | "atMs" | "endedAtMs">[];

/**
 * What the model server saw that it should not have: one line for each request that had no reason to be made. Every request carries its call's key. It may
 * be made again only
 * - after a failure of the server's, or after the call's time limit;
 * - when a worker was killed or frozen, or the server killed, while the request before it was under way, or so soon after its answer that it may not have been stored;
 * and never once its reply is in the store. Only a worker that looked before that and was frozen may send then, in the moment it wakes.
 */
export function ledgerFaults(rows: readonly LedgerRow[], stored: ReadonlyMap<string, StoredCall>, blows: Blows): { readonly row: LedgerRow; readonly fault: string }[] {
  const before = new Map<string, LedgerRow[]>();
  const times = new StoreTimes(rows, stored);
  return [...rows].sort((a, b) => a.startedAtMs - b.startedAtMs || a.seq - b.seq).flatMap((row) => {
    const { idempotencyKey: key } = row;
    if (key === null) return [{ row, fault: "has no Idempotency-Key" }];
    const earlier = before.get(key) ?? [];
    before.set(key, [...earlier, row]);
    const fault = faultOf(row, earlier, stored.get(key)?.storedAtMs ?? Infinity, blows, times);
    return fault === null ? [] : [{ row, fault }];
  });
}

function faultOf(row: LedgerRow, earlier: readonly LedgerRow[], storedAtMs: number, blows: Blows, times: StoreTimes): string | null {
  if (row.rule === null) return "was not in the script";
  const lateMs = row.startedAtMs - storedAtMs;
  if (lateMs > LOOKUP_RACE_MS && !lookedBeforeItFroze(row, storedAtMs, blows)) return `was sent ${Math.round(lateMs)} ms after the reply to its call was stored`;
  const unexplained = earlier.find((each) => !mayBeRepeated(each, blows, times));
  return unexplained === undefined ? null : `repeats request ${unexplained.seq}, which ${unexplained.answered ? "was answered" : "was cut off"} while nothing was struck`;
}

function mayBeRepeated({ fault, status, aborted, answered, startedAtMs, endedAtMs }: LedgerRow, blows: Blows, times: StoreTimes): boolean {
  if (fault !== null || (status !== null && status !== 200)) return true;
  if (aborted && endedAtMs !== null && endedAtMs - startedAtMs >= CALL_TIMEOUT_MS - LOOKUP_RACE_MS) return true;
  const untilMs = (endedAtMs ?? Infinity) + (answered ? times.windowMs : LOOKUP_RACE_MS);
  // A woken worker takes up what it was handed, and cuts it off when a heartbeat tells it that this was given up meanwhile.
  const sentWithinMs = (blow: Blows[number]["blow"]): number => (blow === "freeze worker" ? times.windowMs : LOOKUP_RACE_MS);
  return blows.some(({ blow, atMs, endedAtMs: blowEndedAtMs }) => blow !== "kill sandbox" && atMs <= untilMs && (blowEndedAtMs ?? atMs) >= startedAtMs - sentWithinMs(blow));
}

function lookedBeforeItFroze({ startedAtMs }: LedgerRow, storedAtMs: number, blows: Blows): boolean {
  return blows.some(({ blow, atMs, endedAtMs }) => blow === "freeze worker" && endedAtMs !== null && atMs <= storedAtMs + LOOKUP_RACE_MS && startedAtMs <= endedAtMs + STORE_WINDOW_MS);
}
