import type { BlobRef } from "./blob-ref.js";
import { afterRootCall } from "./budget-left.js";
import type { BudgetView } from "./cell.js";
import type { SettledChild } from "./child-wire.js";
import { callsOfChild } from "./child-limits.js";
import { extractIsExhausted } from "./next-step.js";
import { requestBytesLeft } from "./request-bytes.js";
import { totalUsage, type Cell, type RunState, type UnusedPlan } from "./run-state.js";
import { addUsage, type Usage } from "./usage.js";
import type { CommitResult } from "./commit-wire.js";
import type { DirectResult, ExtractResult, PlanResult } from "./root-call-wire.js";
import type { BeginResult, FinishedResult, SuspendedResult } from "./wire.js";

/** The outcome of a command. */
export type RunEvent =
  | { readonly type: "began"; readonly result: BeginResult }
  | { readonly type: "planned"; readonly result: PlanResult; readonly budget: BudgetView }
  | { readonly type: "suspended"; readonly result: SuspendedResult }
  | { readonly type: "finished"; readonly result: FinishedResult }
  | { readonly type: "committed"; readonly result: CommitResult }
  /** A plan made from a turn that was then lost: it is paid, and not used. */
  | { readonly type: "planUnused"; readonly result: PlanResult }
  /** `answered` and `failed` are sub-calls; the tool calls of the suspension are settled with them. */
  | { readonly type: "called"; readonly answered: number; readonly failed: number; readonly usage: Usage; readonly children?: readonly SettledChild[] }
  /** The session is gone (worker or sandbox died, its epoch is stale); the state it had is in the snapshot and the journal. */
  | { readonly type: "sessionLost"; readonly sandboxDied: boolean }
  | { readonly type: "extracted"; readonly result: ExtractResult };

/** Pure. Throws on an event that the phase does not expect: that is a bug of the driver. */
export function applyEvent(state: RunState, event: RunEvent): RunState {
  const { phase } = state;
  switch (event.type) {
    case "began":
      expectPhase(state, event, "begin");
      return alive({
        ...state,
        phase: { at: "plan" },
        snapshotRef: event.result.snapshotRef,
        variablesRef: event.result.variablesRef,
        sessionQueue: event.result.sessionQueue,
      });
    case "planned":
      expectPhase(state, event, "plan");
      return planned(paid(state, event.result), event.result, event.budget);
    case "suspended":
      return suspended(state, cellOf(state, event), event.result);
    case "finished":
      return finished(state, cellOf(state, event), event.result);
    case "committed":
      if (phase.at !== "commit") throw unexpected(state, event);
      return turnEnded(state, event.result.snapshotRef, phase.trajectoryRef);
    case "planUnused":
      expectPhase(state, event, "commit");
      return { ...state, unusedPlans: [...otherPlans(state, event.result), toUnused(event.result)] };
    case "called":
      if (phase.at !== "call") throw unexpected(state, event);
      return called(state, phase, event);
    case "sessionLost":
      return sessionLost(state, event.sandboxDied);
    case "extracted":
      if (phase.at !== "extract") throw unexpected(state, event);
      return extracted({ ...state, usage: addUsage(state.usage, event.result.usage) }, phase, event.result.outputsRef);
  }
}

function planned(before: RunState, result: PlanResult, budget: BudgetView): RunState {
  const isLost = result.vanished !== undefined && result.vanished === before.sessionQueue;
  const state = { ...before, turn: budget.turn, ...(isLost && { sessionQueue: null, rebuilds: before.rebuilds + 1 }) };
  if (result.direct !== undefined) return plannedDirectly(state, result, result.direct);
  if (!result.hasCode) return { ...state, phase: { at: "plan" }, trajectoryRef: result.trajectoryRef };
  return { ...state, phase: { at: "execute", cell: { planRef: result.planRef, budget: afterRootCall(budget, result.usage), journal: null, refused: null, requestBytesLeft: requestBytesLeft(state), sandboxDeaths: 0 } } };
}

/** Turns of tool calls are what an extract can read. */
function plannedDirectly(state: RunState, { trajectoryRef }: PlanResult, { outputsRef, calls }: DirectResult): RunState {
  const told = { ...state, trajectoryRef };
  if (outputsRef !== null) return { ...told, phase: { at: "close", status: "answered", reason: null, outputsRef } };
  if (calls === null) return { ...told, phase: { at: "plan" } };
  return { ...told, executedCells: state.executedCells + 1, phase: { at: "call", cell: null, pending: { ...calls, seq: 0, fusable: false } } };
}

/** `seq` tells how much of the journal the cell really used: a replay that diverged drops the rest. */
function suspended(state: RunState, cell: Cell, { pack, seq, counts, fusable, sessionQueue }: SuspendedResult): RunState {
  return alive({ ...state, sessionQueue, requestBytes: state.requestBytes + pack.bytes, phase: { at: "call", cell, pending: { pack, seq, counts, fusable } } });
}

function finished(state: RunState, cell: Cell, { sessionQueue, snapshotRef, trajectoryRef, outputsRef }: FinishedResult): RunState {
  const at = { ...state, sessionQueue };
  // Only a durable snapshot is progress: losses before it add up.
  if (snapshotRef === null) return { ...at, phase: { at: "commit", cell, trajectoryRef } };
  const ended = turnEnded(at, snapshotRef, trajectoryRef);
  return outputsRef === null ? ended : { ...ended, phase: { at: "close", status: "answered", reason: null, outputsRef } };
}

/** The commit point of a turn. */
function turnEnded(state: RunState, snapshotRef: BlobRef, trajectoryRef: BlobRef): RunState {
  return alive({ ...state, phase: { at: "plan" }, snapshotRef, trajectoryRef, executedCells: state.executedCells + 1 });
}

/** A reply that is found under its key was paid once, however often it is asked for. */
function paid(state: RunState, result: PlanResult): RunState {
  return { ...state, usage: totalUsage({ usage: addUsage(state.usage, result.usage), unusedPlans: otherPlans(state, result) }), unusedPlans: [] };
}

function otherPlans({ unusedPlans }: RunState, { planRef }: PlanResult): readonly UnusedPlan[] {
  return unusedPlans.filter(({ digest }) => digest !== planRef.digest);
}

function toUnused({ planRef, usage }: PlanResult): UnusedPlan {
  return { digest: planRef.digest, usage };
}

function called(
  state: RunState,
  phase: Extract<RunState["phase"], { at: "call" }>,
  event: Extract<RunEvent, { type: "called" }>,
): RunState {
  const { pack, seq, counts, reserved } = phase.pending;
  const { children = [] } = event;
  if (reserved === undefined || children.length !== counts.rlm) throw new Error(`A suspension settles what was reserved for it; ${children.length} of ${counts.rlm} child runs did.`);
  if (event.answered + event.failed !== counts.llm) {
    throw new Error(`All ${counts.llm} sub-calls of a suspension settle together; got ${event.answered} answered and ${event.failed} failed.`);
  }
  const { calls, toolCalls } = state;
  const cell: Cell | null = phase.cell && { ...phase.cell, journal: { packHead: pack, suspensions: seq + 1 }, refused: null };
  return {
    ...state,
    usage: children.reduce((sum, { usage }) => addUsage(sum, usage), addUsage(state.usage, event.usage)),
    calls: {
      answered: total(calls.answered + event.answered, children, (child) => callsOfChild(child).answered),
      inFlight: calls.inFlight - reserved.llmCalls,
      failed: total(calls.failed + event.failed, children, (child) => callsOfChild(child).failed),
    },
    toolCalls: {
      settled: total(toolCalls.settled + counts.tool, children, (child) => child.toolCalls),
      inFlight: toolCalls.inFlight - reserved.toolCalls,
    },
    phase: cell === null ? { at: "plan" } : { at: "resume", cell, seq, refused: null },
  };
}

function total(own: number, children: readonly SettledChild[], of: (child: SettledChild) => number): number {
  return children.reduce((sum, child) => sum + of(child), own);
}

function sessionLost(state: RunState, sandboxDied: boolean): RunState {
  const { phase } = state;
  const rebuilt = { ...state, sessionQueue: null, rebuildsInARow: state.rebuildsInARow + 1, rebuilds: state.rebuilds + 1 };
  if (phase.at === "begin") return rebuilt;
  if (phase.at === "resume" || phase.at === "execute" || phase.at === "commit") {
    const cell = { ...phase.cell, sandboxDeaths: phase.cell.sandboxDeaths + (sandboxDied ? 1 : 0) };
    return { ...rebuilt, phase: { at: "execute", cell } };
  }
  throw new Error(`A session cannot be lost in phase "${phase.at}": nothing runs in it.`);
}

function extracted(state: RunState, phase: Extract<RunState["phase"], { at: "extract" }>, outputsRef: BlobRef | null): RunState {
  if (outputsRef !== null) return { ...state, phase: { at: "close", status: "degraded", reason: phase.reason, outputsRef } };
  if (!extractIsExhausted(phase.attempt)) return { ...state, phase: { ...phase, attempt: phase.attempt + 1 } };
  const reason = `limit reached (${phase.reason}) and the model gave no valid outputs when asked for them`;
  return { ...state, phase: { at: "close", status: "failed", reason, outputsRef: null } };
}

function alive(state: RunState): RunState {
  return { ...state, rebuildsInARow: 0 };
}

function cellOf(state: RunState, event: RunEvent): Cell {
  const { phase } = state;
  if (phase.at !== "execute" && phase.at !== "resume") throw unexpected(state, event);
  return phase.cell;
}

function expectPhase(state: RunState, event: RunEvent, at: RunState["phase"]["at"]): void {
  if (state.phase.at !== at) throw unexpected(state, event);
}

function unexpected(state: RunState, event: RunEvent): Error {
  return new Error(`Event "${event.type}" is not expected in phase "${state.phase.at}" (turn ${state.turn}).`);
}
