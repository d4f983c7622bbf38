import type { Client } from "@temporalio/client";

/** In what a run is hit. */
export const STATES = [
  "starting", "thinking", "idle", "executing", "call and resume", "calls in flight", "parked", "committing", "child run", "waiting", "between steps", "closing",
] as const;
export type State = (typeof STATES)[number];

/** An activity under way, as the server knows it. */
export interface Pending {
  readonly id: string;
  readonly activity: string;
  /** The process that runs it; `null`: it waits for one, or for its next try. */
  readonly workerId: string | null;
  readonly attempt: number;
}

/** One open workflow of a tree at a moment. */
export interface Look {
  readonly workflowId: string;
  /** The run whose tree it belongs to. */
  readonly root: string;
  readonly pending: readonly Pending[];
}

const STATE_OF: Readonly<Record<string, State>> = {
  beginRun: "starting", planTurn: "thinking", executeCell: "executing", resumeCell: "executing", callAndResume: "call and resume",
  callLlm: "calls in flight", callLlmSlice: "calls in flight", commitSnapshot: "committing", prepareChild: "child run", settleChild: "child run", closeRun: "closing",
};

const STARTED = 2;

/** The state that an activity is the work of. */
export function stateOf({ activity, workerId, attempt }: Pending): State | null {
  if (workerId === null) return attempt > 1 ? "waiting" : null;
  return STATE_OF[activity] ?? null;
}

/** The open workflows of a run: itself and its children, theirs included. Nothing for one that is closed. */
export async function lookAt(client: Client, root: string, workflowId = root): Promise<Look[]> {
  const { status, raw } = await client.workflow.getHandle(workflowId).describe();
  if (status.name !== "RUNNING") return [];
  const pending = (raw.pendingActivities ?? []).map((each): Pending => ({
    id: each.activityId ?? "", activity: each.activityType?.name ?? "", attempt: each.attempt ?? 1,
    workerId: Number(each.state) === STARTED ? (each.lastWorkerIdentity ?? null) : null,
  }));
  const children = await Promise.all((raw.pendingChildren ?? []).map((each) => lookAt(client, root, each.workflowId ?? "").catch(() => [])));
  return [{ workflowId, root, pending }, ...children.flat()];
}
