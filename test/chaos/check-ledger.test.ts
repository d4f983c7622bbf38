import { expect, it } from "vitest";
import type { LedgerRow } from "../../src/testing/index.js";
import { ledgerFaults } from "./check-ledger.js";
import { CALL_TIMEOUT_MS } from "./knobs.js";
import { StoreTimes } from "./store-times.js";

const ANSWERED: LedgerRow = {
  seq: 1, startedAtMs: 10_000, endedAtMs: 10_300, bodySha256: "b", idempotencyKey: "k", wire: "chat", model: "scripted-sub", stream: true, rule: "sub", turn: 1,
  status: 200, fault: null, aborted: false, answered: true, promptChars: 1, replyChars: 1, lastUserTail: "", inFlight: 1,
};
const AGAIN: LedgerRow = { ...ANSWERED, seq: 2, startedAtMs: 16_000, endedAtMs: 16_300 };
const CUT: LedgerRow = { ...ANSWERED, endedAtMs: 10_200, status: null, aborted: true, answered: false };
const storedAt = (storedAtMs: number) => new Map([["k", { storedAtMs, texts: ["x"] }]]);
const kill = (atMs: number) => ({ blow: "kill worker" as const, atMs, endedAtMs: null });
const faults = (...args: Parameters<typeof ledgerFaults>): string[] => ledgerFaults(...args).map(({ fault }) => fault);

it("finds nothing wrong with one request for a call", () => {
  expect(faults([ANSWERED], storedAt(10_310), [])).toEqual([]);
});

it("finds a call that is sent again after its reply was stored, also when something was struck meanwhile", () => {
  expect(faults([ANSWERED, AGAIN], storedAt(10_310), [kill(10_305)])).toEqual(["was sent 5690 ms after the reply to its call was stored"]);
});

it("lets an answer be asked for again that a kill may have kept from the store, and no other", () => {
  expect(faults([ANSWERED, AGAIN], storedAt(16_310), [kill(10_305)])).toEqual([]);
  expect(faults([ANSWERED, AGAIN], storedAt(16_310), [kill(11_000)])).toEqual(["repeats request 1, which was answered while nothing was struck"]);
  expect(faults([ANSWERED, AGAIN], storedAt(16_310), [kill(9_000)])).toHaveLength(1);
  expect(faults([ANSWERED, AGAIN], storedAt(16_310), [{ ...kill(10_305), blow: "kill sandbox" }])).toHaveLength(1);
});

it("lets an answer be asked for again that a kill met later, when the machine stood still: others were stored as late", () => {
  const other = { ...ANSWERED, seq: 3, idempotencyKey: "other", endedAtMs: 10_500 };
  const stored = (otherAtMs: number) => new Map([...storedAt(16_310), ["other", { storedAtMs: otherAtMs, texts: ["y"] }]]);
  expect(faults([ANSWERED, other, AGAIN], stored(11_900), [kill(11_500)])).toEqual([]);
  expect(faults([ANSWERED, other, AGAIN], stored(10_600), [kill(11_500)])).toHaveLength(1);
  expect(faults([ANSWERED, other, AGAIN], stored(60_000), [kill(15_000)])).toHaveLength(1);
});

it("knows how long replies usually are on their way into the store", () => {
  expect(new StoreTimes([ANSWERED], storedAt(10_310)).medianMs).toBe(10);
  expect(new StoreTimes([ANSWERED, AGAIN], storedAt(16_900)).medianMs).toBe(600);
});

it("lets a call be sent again that was cut off by a kill, by its time limit, or that the server failed", () => {
  expect(faults([CUT, AGAIN], storedAt(16_310), [kill(10_199)])).toEqual([]);
  expect(faults([CUT, AGAIN], storedAt(16_310), [])).toEqual(["repeats request 1, which was cut off while nothing was struck"]);
  expect(faults([{ ...CUT, endedAtMs: 10_000 + CALL_TIMEOUT_MS }, AGAIN], storedAt(16_310), [])).toEqual([]);
  expect(faults([{ ...ANSWERED, status: 429, answered: false }, AGAIN], storedAt(16_310), [])).toEqual([]);
});

it("lets a worker that looked before it was frozen send when it wakes, and not later", () => {
  const freeze = { blow: "freeze worker" as const, atMs: 10_100, endedAtMs: 15_990 };
  expect(faults([CUT, AGAIN], storedAt(12_000), [freeze])).toEqual([]);
  expect(faults([CUT, { ...AGAIN, startedAtMs: 17_000 }], storedAt(12_000), [freeze])).toEqual(["was sent 5000 ms after the reply to its call was stored"]);
});

it("lets a call be sent again that a woken worker has begun at once, and cut off when it heard that it was given up", () => {
  const freeze = { blow: "freeze worker" as const, atMs: 3_000, endedAtMs: 9_700 };
  expect(faults([CUT, AGAIN], storedAt(16_310), [freeze])).toEqual([]);
  expect(faults([CUT, AGAIN], storedAt(16_310), [{ ...freeze, endedAtMs: 9_500 }])).toHaveLength(1);
});

it("finds requests without a key, and those that no script foresees", () => {
  expect(faults([{ ...ANSWERED, idempotencyKey: null }, { ...ANSWERED, rule: null }], new Map(), [])).toEqual(["has no Idempotency-Key", "was not in the script"]);
});
