import { createHash } from "node:crypto";

/** Ids are digests of what a span stands for: whichever worker tells it, and however often, it is the same span of the same trace. */
export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
  /** `null`: the root of the trace. */
  readonly parentId: string | null;
}

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
const spanId = (text: string): string => digest(text).slice(0, 16);

const run = (runUid: string): string => spanId(`${runUid}/run`);
const turn = (runUid: string, number: number): string => spanId(`${runUid}/turn/${number}`);
const cell = (runUid: string, number: number): string => spanId(`${runUid}/cell/${number}`);
const traceId = (runUid: string): string => digest(`${runUid}/trace`).slice(0, 32);

export function runIds(runUid: string): SpanIds {
  return { traceId: traceId(runUid), spanId: run(runUid), parentId: null };
}

export function turnIds(runUid: string, number: number): SpanIds {
  return { traceId: traceId(runUid), spanId: turn(runUid, number), parentId: run(runUid) };
}

export function cellIds(runUid: string, number: number): SpanIds {
  return { traceId: traceId(runUid), spanId: cell(runUid, number), parentId: turn(runUid, number) };
}

/** Of one try of a call; those of the root model belong to the turn, those of Python to its cell. */
export function callIds({ runUid, turn: number, callKey, startedAtMs }: { readonly runUid: string; readonly turn: number; readonly callKey: string; readonly startedAtMs: number }, ofCell: boolean): SpanIds {
  return { traceId: traceId(runUid), spanId: spanId(`${callKey}/${startedAtMs}`), parentId: ofCell ? cell(runUid, number) : turn(runUid, number) };
}
