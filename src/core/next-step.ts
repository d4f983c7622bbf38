import type { BlobRef } from "./blob-ref.js";
import { budgetView } from "./budget-left.js";
import type { CallCounts } from "./call-counts.js";
import type { BudgetView, CallRefusal } from "./cell.js";
import type { RunLimits } from "./run-limits.js";
import { childLimits, toReserve } from "./child-limits.js";
import { callsUsed, type LimitReason, type RunState } from "./run-state.js";
import type { JournalRef } from "./wire.js";

/** What the driver (the workflow, or the simulator) must do next; it answers with an event (apply-event.ts). */
export type Command =
  | { readonly do: "begin"; readonly epoch: number }
  | { readonly do: "plan"; readonly turn: number; readonly budget: BudgetView }
  | {
      readonly do: "execute";
      readonly epoch: number;
      readonly planRef: BlobRef;
      readonly journal: JournalRef | null;
      readonly refused: CallRefusal | null;
      readonly requestBytesLeft: number;
      readonly sandboxDeaths: number;
      readonly budget: BudgetView;
      readonly llmCallsUsed: number;
      /** Where the session was last seen; `null`: any worker. */
      readonly sessionQueue: string | null;
    }
  | {
      readonly do: "call";
      readonly pack: BlobRef;
      readonly counts: CallCounts;
      readonly seq: number;
      readonly fusable: boolean;
      /** Part of the budget for each child run of the suspension; `null`: it makes none. */
      readonly childLimits: RunLimits | null;
    }
  | { readonly do: "resume"; readonly epoch: number; readonly seq: number; readonly refused: CallRefusal | null; readonly llmCallsUsed: number; readonly sessionQueue: string }
  /** Waits until the snapshot of the turn is durable and, at the same time, plans the next one. The plan counts only if the snapshot does. */
  | { readonly do: "commit"; readonly epoch: number; readonly sessionQueue: string; readonly plan: PlanAhead | null }
  /** A limit is reached and the run is to wait for a higher one. No event: the next decision is made anew. */
  | { readonly do: "waitForBudget"; readonly reason: LimitReason }
  | { readonly do: "extract"; readonly attempt: number; readonly trajectoryRef: BlobRef }
  | { readonly do: "close"; readonly status: "answered" | "degraded" | "failed"; readonly reason: string | null; readonly outputsRef: BlobRef | null };

/** The next turn, planned from the record of one that is not committed yet. */
export interface PlanAhead {
  readonly turn: number;
  readonly budget: BudgetView;
  readonly trajectoryRef: BlobRef;
}

export interface Step {
  readonly command: Command;
  /** The state after the decision, before the outcome: epochs are raised and calls reserved here, synchronously. */
  readonly state: RunState;
}

/** Extract replies that do not parse are asked for once more; then the run fails. */
export const MAX_EXTRACT_ATTEMPTS = 2;

/**
 * The brain of the loop. Pure: `nowMs` comes from the driver.
 * Source of the shape: durability design, "Why a cell is suspended instead of blocking its activity".
 */
export function nextStep(state: RunState, limits: RunLimits, nowMs: number): Step {
  const { phase } = state;
  switch (phase.at) {
    case "begin":
      return raiseEpoch(state, (epoch) => ({ do: "begin", epoch }));
    case "plan": {
      const limit = reachedLimit(state, limits, nowMs);
      if (limit !== null && limits.onLimit === "wait") return { command: { do: "waitForBudget", reason: limit }, state };
      if (limit !== null) return nextStep(afterLimit(state, limit), limits, nowMs);
      const turn = state.turn + 1;
      return { command: { do: "plan", turn, budget: budgetView({ ...state, turn }, limits, nowMs) }, state: { ...state, turn } };
    }
    case "execute":
      return raiseEpoch(state, (epoch) => ({ do: "execute", epoch, ...phase.cell, llmCallsUsed: callsUsed(state), sessionQueue: state.sessionQueue }));
    case "call":
      return reserveOrRefuse(state, limits, phase, nowMs);
    case "resume":
      if (state.sessionQueue === null) throw new Error(`A session that is being resumed has a queue; turn ${state.turn}, seq ${phase.seq}.`);
      return {
        command: { do: "resume", epoch: state.epoch, seq: phase.seq, refused: phase.refused, llmCallsUsed: callsUsed(state), sessionQueue: state.sessionQueue },
        state,
      };
    case "commit":
      return commitAndPlan(state, limits, phase, nowMs);
    case "extract":
      if (state.trajectoryRef === null) throw new Error("An extract needs a trajectory.");
      return { command: { do: "extract", attempt: phase.attempt, trajectoryRef: state.trajectoryRef }, state };
    case "close":
      return { command: { do: "close", status: phase.status, reason: phase.reason, outputsRef: phase.outputsRef }, state };
  }
}

/** Past a limit nothing is planned: what follows is decided when the turn is committed. */
function commitAndPlan(state: RunState, limits: RunLimits, { trajectoryRef }: Extract<RunState["phase"], { at: "commit" }>, nowMs: number): Step {
  const { epoch, sessionQueue } = state;
  if (sessionQueue === null) throw new Error(`A snapshot that is being written has a session; turn ${state.turn}.`);
  const turn = state.turn + 1;
  const plan = reachedLimit(state, limits, nowMs) === null ? { turn, budget: budgetView({ ...state, turn }, limits, nowMs), trajectoryRef } : null;
  return { command: { do: "commit", epoch, sessionQueue, plan }, state };
}

/** All-or-nothing: the whole suspension is reserved, or none of it is sent and the cell is told. */
function reserveOrRefuse(state: RunState, limits: RunLimits, phase: Extract<RunState["phase"], { at: "call" }>, nowMs: number): Step {
  const { pack, seq, counts, fusable } = phase.pending;
  const { calls, toolCalls } = state;
  const refused = refusalOfChildren(limits, counts.rlm) ?? refusalOfModelCalls(state, limits, counts.llm + counts.rlm) ?? refusalOfToolCalls(state, limits, counts.tool);
  if (refused !== null && phase.cell === null) return nextStep({ ...state, phase: { at: "plan" } }, limits, nowMs);
  if (refused !== null && phase.cell !== null) {
    const cell = { ...phase.cell, journal: { packHead: pack, suspensions: seq + 1 }, refused };
    return nextStep({ ...state, phase: { at: "resume", cell, seq, refused } }, limits, 0);
  }
  const limitsOfChild = childLimits(state, limits, counts, nowMs);
  const reserved = toReserve(counts, limitsOfChild);
  const decided: RunState = {
    ...state,
    calls: { ...calls, inFlight: calls.inFlight + reserved.llmCalls },
    toolCalls: { ...toolCalls, inFlight: toolCalls.inFlight + reserved.toolCalls },
    phase: { ...phase, pending: { ...phase.pending, reserved } },
  };
  return { command: { do: "call", pack, counts, seq, fusable, childLimits: limitsOfChild }, state: decided };
}

/** Code that has kept the function from a run above this one, or a sandbox that was broken out of: the host decides. */
function refusalOfChildren({ maxDepth }: RunLimits, asked: number): CallRefusal | null {
  if (asked === 0 || maxDepth > 0) return null;
  return { of: "rlm", used: 0, asked, max: 0, reason: "child runs may not be nested deeper than this run is" };
}

/** Why so many sub-calls are refused, or `null`. */
function refusalOfModelCalls(state: RunState, limits: RunLimits, asked: number): CallRefusal | null {
  if (asked === 0) return null;
  const refusal: CallRefusal = { of: "llm", used: callsUsed(state), asked, max: limits.maxLlmCalls };
  if (refusal.used + asked > refusal.max) return refusal;
  if (state.calls.failed >= Math.max(1, limits.maxLlmCalls)) return { ...refusal, reason: `${state.calls.failed} calls have failed for good, no more are sent` };
  const spent = spentLimit(state, limits);
  return spent === null ? null : { ...refusal, reason: `the run's limit is reached: ${spent}` };
}

/** Tools cost no tokens; their number alone is bounded, so that a cell cannot loop over them for ever. */
function refusalOfToolCalls({ toolCalls }: RunState, { maxToolCalls }: RunLimits, asked: number): CallRefusal | null {
  const used = toolCalls.settled + toolCalls.inFlight;
  return asked > 0 && used + asked > maxToolCalls ? { of: "tool", used, asked, max: maxToolCalls } : null;
}

function raiseEpoch(state: RunState, make: (epoch: number) => Command): Step {
  const epoch = state.epoch + 1;
  return { command: make(epoch), state: { ...state, epoch } };
}

function reachedLimit(state: RunState, limits: RunLimits, nowMs: number): LimitReason | null {
  if (state.turn >= limits.maxIterations) return "iterations";
  if (limits.timeoutMs !== null && nowMs - state.startedAtMs - state.waitedMs >= limits.timeoutMs) return "timeout";
  return spentLimit(state, limits);
}

/** Tokens or money used up. A cost that is not known (a reply without usage) ends a run that has a budget: it cannot be kept any more. */
function spentLimit({ usage }: RunState, { maxTokens, budgetUsd }: RunLimits): LimitReason | null {
  if (maxTokens !== null && usage.inputTokens + usage.outputTokens >= maxTokens) return "tokens";
  if (budgetUsd !== null && usage.costUsd === null) return "budget: cost unknown";
  if (budgetUsd !== null && usage.costUsd !== null && usage.costUsd >= budgetUsd) return "budget";
  return null;
}

function afterLimit(state: RunState, reason: LimitReason): RunState {
  const phase: RunState["phase"] =
    state.executedCells === 0 || state.trajectoryRef === null
      ? { at: "close", status: "failed", reason: `limit reached (${reason}) before any code ran`, outputsRef: null }
      : { at: "extract", reason, attempt: 1 };
  return { ...state, phase };
}

export function extractIsExhausted(attempt: number): boolean {
  return attempt >= MAX_EXTRACT_ATTEMPTS;
}
