import type { BudgetChange } from "../../core/control-wire.js";
import type { RunProgress } from "../../core/run-progress.js";
import type { RunView } from "../../core/run-view.js";
import { renderDuration } from "./render-result.js";

/** One line for what has just happened; `null`: not worth a line. */
export function describeProgress(event: RunProgress, workflowId: string): string | null {
  switch (event.type) {
    case "started":
      return `${workflowId} started`;
    case "inputs-ready":
      return "inputs loaded";
    case "turn-started":
      return `turn ${event.turn}: asking the root model`;
    case "turn-planned":
      return event.hasCode ? `turn ${event.turn}: running its code` : `turn ${event.turn}: the reply held no code`;
    case "cell-suspended":
      return event.count === 1 ? null : `turn ${event.turn}: ${event.count} calls`;
    case "calls-answered":
      return event.failed > 0 ? `turn ${event.turn}: ${event.failed} model ${event.failed === 1 ? "call" : "calls"} failed` : null;
    case "tool-returned":
      return event.failed ? `turn ${event.turn}: tool ${event.tool} failed` : null;
    case "child-started":
      return `turn ${event.turn}: child run ${event.workflowId} started`;
    case "child-closed":
      return `turn ${event.turn}: child run ${event.workflowId} ended`;
    case "rebuilding":
      return `turn ${event.turn}: the sandbox was lost; rebuilding it from the snapshot`;
    case "turn-finished":
      return event.submitted ? `turn ${event.turn}: submitted` : `turn ${event.turn}: done`;
    case "extracting":
      return "limit reached: asking for the best answer so far";
    case "blocked":
      return `blocked (${event.reason}): ${event.message}\n${event.reason === "limit" ? `To go on: rlm budget ${workflowId} with a higher limit` : `Mend it, then: rlm retry ${workflowId}`}`;
    case "unblocked":
      return "trying again";
    case "retrying":
      return `${event.activity}: attempt ${event.attempt} after: ${event.message}`;
    case "paused":
      return `paused by ${event.by}${because(event)}\nTo go on: rlm resume ${workflowId}`;
    case "resumed":
      return `resumed by ${event.by}${because(event)}`;
    case "steered":
      return `${event.by} sent the model a message${because(event)}`;
    case "budget-changed":
      return `${event.by} changed ${describeLimits(event.limits)}${because(event)}`;
    case "cancel-requested":
      return "cancelling";
    case "closed":
      return null;
  }
}

function because({ why }: { readonly why: string | null }): string {
  return why === null ? "" : `: ${why}`;
}

function describeLimits(limits: BudgetChange): string {
  return Object.entries(limits).map(([name, value]) => `${name} to ${value === null ? "no limit" : value}`).join(", ");
}

/** The repainting line: `turn 3/10 · 40 of 100 calls answered · 12/50 sub-calls · 31 s`. */
export function describeState(view: RunView, nowMs: number): string {
  const elapsed = renderDuration(nowMs - view.startedAtMs);
  const calls = `${view.llmCalls}/${view.maxLlmCalls} sub-calls`;
  return [`turn ${Math.max(view.turn, 1)}/${view.maxIterations}`, describeStep(view), calls, elapsed].join(" · ");
}

function describeStep(view: RunView): string {
  if (view.status === "blocked") return `blocked (${view.reason ?? ""})`;
  if (view.status === "paused") return "paused";
  if (view.cancelRequested) return "cancelling";
  if (view.suspension !== null) return `${view.suspension.settled} of ${view.suspension.count} calls answered`;
  const [oldest] = Object.values(view.inFlight);
  return STEPS[oldest?.activity ?? "waiting"] ?? "working";
}

const STEPS: Readonly<Record<string, string>> = {
  beginRun: "loading inputs",
  planTurn: "root model",
  executeCell: "running code",
  resumeCell: "running code",
  commitSnapshot: "storing the state",
  callAndResume: "running code",
  extractOutputs: "extracting",
  closeRun: "closing",
  waiting: "waiting for a worker",
};
