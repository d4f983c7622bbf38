import { applyEvent } from "../../../src/core/apply-event.js";
import type { BlobRef } from "../../../src/core/blob-ref.js";
import type { CallCounts } from "../../../src/core/call-counts.js";
import type { CallRefusal } from "../../../src/core/cell.js";
import { nextStep, type Command } from "../../../src/core/next-step.js";
import type { RunLimits } from "../../../src/core/run-limits.js";
import { callKey, sha256 } from "../../../src/journal/call-key.js";

/**
 * What happens at a step of a session or of its calls. `lostAfter`: the work was done, only its result did not arrive; the session lives on as a
 * zombie. `fused`: no trouble, but a lone call and the resume after it are one activity. `cut`: a worker dies with the calls of a suspension in flight, some of
 * them answered. `twice`: a task is handed out to two workers. `reordered`: the answers come in another order.
 */
export type Fault = "none" | "fused" | "lost" | "lostAfter" | "sandboxDied" | "diverge" | "cut" | "twice" | "reordered";
/** One turn of the root model: `batches` are the sub-calls and tool calls of the cell's suspensions; `slowSnapshot`: the result is told before it is durable; `null`: a reply without code. */
export type Batch = { readonly llm: number; readonly tool: number };
export type Turn = { readonly batches: readonly Batch[]; readonly submit: boolean; readonly slowSnapshot: boolean } | null;
export interface Scenario { readonly turns: readonly Turn[]; readonly badEvery: number; readonly extractFails: number; readonly limits: RunLimits }
export interface Answer { readonly refused: CallRefusal | null; readonly llmCallsUsed: number }
export interface Pack { readonly digest: string; readonly seq: number; readonly prompts: readonly string[]; readonly prev: string | null; readonly previousAnswer: Answer | null }
export interface Session { readonly epoch: number; readonly turn: number; readonly toldTurns: string; readonly deaths: number; seq: number; trace: string[]; waitsIn: Pack | null; packHead: string | null; newest: Answer | null }
export interface Parts { readonly nextStep: typeof nextStep; readonly applyEvent: typeof applyEvent; readonly key: typeof callKey; readonly acknowledgeUnstored: boolean; readonly looksUp: boolean }
export type Do<K extends Command["do"]> = Extract<Command, { do: K }>;

export const REAL: Parts = { nextStep, applyEvent, key: callKey, acknowledgeUnstored: false, looksUp: true };
export const NOTHING: CallCounts = { llm: 0, tool: 0, rlm: 0 };
export const kindOf = (prompt: string) => (prompt.startsWith("tool ") ? ("tool" as const) : ("llm" as const));
export const ref = (digest: string): BlobRef => ({ digest, bytes: 1 });
export const usage = (calls: number) => ({ inputTokens: 7 * calls, outputTokens: 3 * calls, cachedTokens: 0, costUsd: 0 });
export const digestOf = (value: readonly string[]): string => sha256(JSON.stringify(value));
export const planOf = (turn: number, toldTurns: string): BlobRef => ref(`plan ${turn} after ${toldTurns}`);
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`broken: ${what}`);
}
