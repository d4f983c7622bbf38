import type { BlobRef } from "../core/blob-ref.js";
import type { CellError, CellResult } from "../core/cell.js";
import type { Observe } from "../core/work-fact.js";
import { renderObservation } from "../core/observation.js";
import type { RunSpec } from "../core/run-spec.js";
import type { CellReplay, TurnRecord } from "../core/trajectory.js";
import { putRecord } from "../journal/records.js";
import { renderStateLine } from "../prompts/render-state-line.js";
import { renderSubmitFaults } from "../prompts/render-submit-faults.js";
import { renderTurnMessage } from "../prompts/render-turn-message.js";
import { checkOutputs } from "../signature/check-outputs.js";
import type { BlobStore } from "../store/blob-store.js";
import type { CellContext } from "./cell-context.js";

export interface FinishedTurn {
  readonly trajectoryRef: BlobRef;
  readonly outputsRef: BlobRef | null;
}

interface FinishTurnDeps {
  readonly store: BlobStore;
  readonly nowMs: () => number;
  readonly observe?: Observe;
}

/** Where a cell ended: in a result and a new state, or in the death of its sandbox. */
export type CellEnd =
  | { readonly kind: "finished"; readonly result: CellResult; readonly tailReads: CellReplay["tailReads"]; readonly cellMs: number }
  | { readonly kind: "sandbox-died"; readonly error: Pick<CellError, "type" | "message"> };

/** Checks what was submitted, renders what the model sees next and writes the turn's record. */
export async function finishTurn({ store, nowMs, observe: tell }: FinishTurnDeps, context: CellContext, end: CellEnd): Promise<FinishedTurn> {
  const { args, spec, plan } = context;
  const finishedAtMs = nowMs();
  const { submit, faults, observation } = observe(end, spec);
  const record: TurnRecord = {
    v: 1,
    turn: args.turn,
    prev: args.trajectoryRef,
    planRef: args.planRef,
    observation,
    message: renderTurnMessage({ observation, notices: plan.notices, stateLine: stateLine(context, end) }),
    error: errorOf(end),
    submitFaults: faults,
    packHead: context.packHead,
    beforeRef: args.snapshotRef,
    committed: end.kind === "finished",
    replay: end.kind === "finished" ? { budget: args.budget, lastAnswer: context.previousAnswer, tailReads: end.tailReads } : null,
    finishedAtMs,
    cellMs: end.kind === "finished" ? end.cellMs : 0,
  };
  const [trajectoryRef, outputsRef] = await Promise.all([
    putRecord(store, record),
    submit?.ok === true ? store.put(Buffer.from(submit.json, "utf8")) : null,
  ]);
  const how = end.kind === "sandbox-died" ? end.kind : outputsRef === null ? "finished" : "submitted";
  tell?.({ type: "turn", runUid: args.run.runUid, turn: args.turn, end: how, startedAtMs: plan.startedAtMs, plannedAtMs: plan.startedAtMs + plan.durationMs, finishedAtMs, cellMs: record.cellMs });
  return { trajectoryRef, outputsRef };
}

interface Observed {
  /** `null`: nothing was submitted. */
  readonly submit: ReturnType<typeof checkOutputs> | null;
  readonly faults: TurnRecord["submitFaults"];
  readonly observation: string;
}

function observe(end: CellEnd, spec: RunSpec): Observed {
  if (end.kind === "finished") return observeResult(end.result, spec);
  const observation = `${end.error.type}: ${end.error.message}\nThe interpreter had to be stopped. All variables are as they were before this cell; nothing it did is kept.`;
  return { submit: null, faults: [], observation };
}

/** What the model is shown of a cell that ended by itself. */
export function observeResult(result: CellResult, { signature, limits }: RunSpec): Observed {
  const submit = result.submit === null ? null : checkOutputs(signature, result.submit.json);
  const faults = submit !== null && !submit.ok ? submit.faults : [];
  const submitFaults = faults.length === 0 ? [] : [renderSubmitFaults(faults)];
  return { submit, faults, observation: [renderObservation(result, limits.maxOutputChars), ...submitFaults].join("\n") };
}

function stateLine(context: CellContext, end: CellEnd): string {
  const result = end.kind === "finished" ? end.result : null;
  return renderStateLine({
    budget: { ...context.args.budget, turn: context.args.turn, llmCallsUsed: context.llmCallsUsed },
    hasTools: (context.spec.tools ?? []).length > 0,
    changed: result?.changed ?? [],
    restored: result?.restored ?? [],
    ...(result?.names === undefined ? {} : { names: result.names }),
  });
}

function errorOf(end: CellEnd): TurnRecord["error"] {
  const error = end.kind === "finished" ? end.result.error : end.error;
  return error === null ? null : { type: error.type, message: error.message.slice(0, 500) };
}
