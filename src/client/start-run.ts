import { randomUUID } from "node:crypto";
import { WorkflowExecutionAlreadyStartedError } from "@temporalio/client";
import type { RunSpec } from "../core/run-spec.js";
import { initialDirectState, type RunState } from "../core/run-state.js";
import type { SinkSpec } from "../core/sink-spec.js";
import type { RunMemo } from "../core/run-memo.js";
import type { RunLabels } from "../core/visibility.js";
import { WORKFLOW_TYPE, type RunInput, type RunTiming, type TaskQueues } from "../core/wire.js";
import { putRecord } from "../journal/records.js";
import { requireRoom } from "./inputs/require-room.js";
import { namespaceOf, rememberNamespace } from "./garbage/store-namespaces.js";
import { describeRun } from "./describe-run.js";
import { RunIdTakenError } from "./errors.js";
import { alertsOf } from "./alerts-of.js";
import { putSinks } from "./put-sinks.js";
import { requireLabel } from "./labels.js";
import { requirePromptableInputs } from "./promptable-inputs.js";
import { readManifest } from "./read-manifest.js";
import { requirePlace } from "./require-place.js";
import type { RunClient } from "./run-client.js";
import { startVisibly } from "./start-visibly.js";
import { newWorkflowId, requireWorkflowId } from "./workflow-id.js";

export interface StartRunOptions {
  readonly spec: RunSpec;
  readonly queues: TaskQueues;
  /** The signature's text, for lists of runs; shortened here. */
  readonly signatureText: string;
  /** @default a new one, from the time */
  readonly workflowId?: string;
  /**
   * How soon a workflow task that was handed to a worker that died is given to another. 2 s by measurement: Temporal's own 10 s cost 12 s a kill.
   * @default 2000
   */
  readonly workflowTaskTimeoutMs?: number;
  readonly timing?: RunTiming;
  /** Where a fork begins. */
  readonly state?: RunState;
  /** Name for runs of one kind, to find them by. */
  readonly job?: string;
  /** Where the result is delivered when the run closes, by a worker. @default nowhere */
  readonly sinks?: readonly SinkSpec[];
}

export interface StartedRun {
  readonly workflowId: string;
  /** `attached`: a run with this id and the equal spec is under way. `finished`: it is closed; read its result. */
  readonly how: "started" | "attached" | "finished";
}

/**
 * Starts a run, or finds the one that has this id. Safe to repeat with the same id.
 * @throws RunIdTakenError the id belongs to a run with another spec
 * @throws InvalidWorkflowIdError, InvalidLabelError, TooManyRunsError
 * @throws InputError inputs that a strategy without a sandbox cannot take, or that cannot fit into the sandbox's memory
 */
export async function startRun(client: RunClient, options: StartRunOptions): Promise<StartedRun> {
  const { spec, queues, signatureText, workflowTaskTimeoutMs = 2000, timing } = options;
  requirePromptableInputs(spec);
  if (options.job !== undefined) requireLabel("job", options.job);
  const state = options.state ?? (spec.strategy === undefined ? undefined : initialDirectState(Date.now()));
  const workflowId = requireWorkflowId(options.workflowId ?? newWorkflowId(Date.now()));
  requireRoom(spec);
  const specRef = await putRecord(client.store, spec);
  if (options.workflowId !== undefined) {
    const manifest = await readManifest(client.store, workflowId);
    if (manifest !== null) return found(workflowId, "finished", manifest.specRef.digest, specRef.digest);
  }
  const sinksRef = await putSinks(client.store, options.sinks ?? []);
  const input: RunInput = { v: 1, runUid: randomUUID(), specRef, limits: spec.limits, queues, ...(timing !== undefined && { timing }), ...(state !== undefined && { state }), ...(sinksRef !== null && { sinksRef }), ...alertsOf(client) };
  const signature = shorten(signatureText);
  const labels: RunLabels = { ...(options.job !== undefined && { job: options.job }), model: spec.models.root };
  const memo: RunMemo = { specDigest: specRef.digest, signature, ...labels };
  await requirePlace(client, options.workflowId);
  await rememberNamespace(client.store, await namespaceOf(client));
  try {
    await startVisibly(await client.temporal(), WORKFLOW_TYPE, labels, (visible) => ({
      workflowId,
      taskQueue: queues.workflow,
      args: [{ ...input, ...(visible && { visible }) }],
      memo: { ...memo },
      staticSummary: signature,
      staticDetails: describeForUi(spec, labels),
      workflowTaskTimeout: workflowTaskTimeoutMs,
      workflowIdConflictPolicy: "FAIL",
      workflowIdReusePolicy: "REJECT_DUPLICATE",
    }));
    return { workflowId, how: "started" };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const { open, memo: theirs } = await describeRun(client, workflowId);
    return found(workflowId, open ? "attached" : "finished", theirs.specDigest, specRef.digest);
  }
}

function found(workflowId: string, how: "attached" | "finished", theirs: string | undefined, ours: string): StartedRun {
  if (theirs !== ours) throw new RunIdTakenError(workflowId);
  return { workflowId, how };
}

/** What Temporal's own UI shows beside the run, in Markdown. No inputs. */
function describeForUi({ inputs, models, limits }: RunSpec, { job }: RunLabels): string {
  const lines = [
    ...(job === undefined ? [] : [`**job** ${job}`]),
    `**models** ${models.root}, sub-calls ${models.sub}`,
    `**inputs** ${inputs.map(({ name, ref }) => `${name} (${ref.bytes} bytes)`).join(", ")}`,
    `**limits** ${limits.maxIterations} turns, ${limits.maxLlmCalls} sub-calls`,
  ];
  return lines.join("\n\n").slice(0, 4000);
}

/** A summary in Temporal's history has at most 400 bytes. */
function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= 120 ? line : `${line.slice(0, 119)}…`;
}
