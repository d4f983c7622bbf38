import type { Manifest } from "../core/manifest.js";
import type { RunModels } from "../core/model-settings.js";
import { resolveRunOptions, type RunOptions } from "../core/resolve-run-limits.js";
import { isDirect, type RunSpec } from "../core/run-spec.js";
import { initialState, type RunState } from "../core/run-state.js";
import type { RunView } from "../core/run-view.js";
import { addUsage, NO_USAGE } from "../core/usage.js";
import type { TaskQueues } from "../core/wire.js";
import { getRecord, readTurnChain, type StoredTurn } from "../journal/records.js";
import { stateAfter } from "../journal/state-after.js";
import { formatSignature } from "../signature/format-signature.js";
import { ForkError, RunNotFoundError } from "./errors.js";
import { viewRun } from "./follow-run.js";
import { readManifest } from "./read-manifest.js";
import { spentCalls } from "./spent-calls.js";
import { readTrajectory } from "./read-trajectory.js";
import type { RunClient } from "./run-client.js";
import { startRun, type StartedRun } from "./start-run.js";

export interface ForkRequest {
  /** The fork starts from the state after this turn; 0: from the inputs only. */
  readonly turn: number;
  readonly queues: TaskQueues;
  /** Id of the new run. @default a new one, from the time */
  readonly workflowId?: string;
  /** What is to be different; everything else stays. */
  readonly models?: Partial<Pick<RunModels, "root" | "sub">>;
  readonly limits?: RunOptions;
  readonly instructions?: string;
}

/**
 * Starts a new run from a turn of another, open or closed; both stay. What was spent up to that turn counts in the fork, too.
 * @throws RunNotFoundError
 * @throws ForkError the run has no such turn, its state is not stored yet, or its limits leave the fork no turn
 * @throws RunOptionsError
 */
export async function forkRun(client: RunClient, sourceId: string, request: ForkRequest): Promise<StartedRun> {
  const { turn, queues, workflowId } = request;
  const source = (await readManifest(client.store, sourceId)) ?? (await viewRun(client, sourceId));
  if (source.specRef === null) throw new RunNotFoundError(sourceId);
  const turns = await readTurnChain(client.store, source.trajectoryRef);
  const last = turns.length;
  if (!Number.isInteger(turn) || turn < 0 || turn > last) throw new ForkError(sourceId, turn, `it has ${last === 0 ? "no finished turn; only 0, its inputs, can be forked" : `the turns 0 (its inputs) to ${last}`}.`);
  const spec = changedSpec(await getRecord<RunSpec>(client.store, source.specRef), sourceId, request);
  if (turn >= spec.limits.maxIterations) {
    throw new ForkError(sourceId, turn, `maxIterations is ${spec.limits.maxIterations}, so no turn is left. Give it more with --max-iterations.`);
  }
  return startRun(client, {
    spec,
    queues: spec.tools === undefined ? queues : { ...queues, tools: await toolQueue(client, sourceId, turn) },
    signatureText: formatSignature(spec.signature),
    ...(turn > 0 && { state: await runStateAfter(client, sourceId, source, { turns, turn, direct: isDirect(spec) }) }),
    ...(workflowId !== undefined && { workflowId }),
  });
}

function changedSpec(spec: RunSpec, workflowId: string, { turn, models, limits, instructions }: ForkRequest): RunSpec {
  return {
    ...spec,
    signature: instructions === undefined ? spec.signature : { ...spec.signature, instructions },
    models: { ...spec.models, ...models },
    limits: resolveRunOptions({ ...spec.limits, ...limits }),
    forkedFrom: { workflowId, turn },
  };
}

/** Where the tools of the source are hosted; only the server knows. */
async function toolQueue(client: RunClient, sourceId: string, turn: number): Promise<string> {
  const tools = (await viewRun(client, sourceId)).queues?.tools;
  if (tools === undefined) throw new ForkError(sourceId, turn, "the server does not know any more where its tools are hosted. Start a new run with them.");
  return tools;
}

interface ForkPoint {
  /** All of the source. */
  readonly turns: readonly StoredTurn[];
  readonly turn: number;
  /** The strategy has no sandbox. */
  readonly direct: boolean;
}

/** The brain's state as it was after the turn; the clock starts anew. */
async function runStateAfter(client: RunClient, sourceId: string, source: Manifest | RunView, { turns, turn, direct }: ForkPoint): Promise<RunState> {
  const snapshotRef = stateAfter(turns, turn, source.snapshotRef, "uncommitted" in source && source.uncommitted);
  if (snapshotRef === "not stored yet") throw new ForkError(sourceId, turn, "the state it left is still being stored. Try again in a moment.");
  const trajectory = await readTrajectory(client, sourceId);
  const spent = trajectory.turns.slice(0, turn);
  const calls = spentCalls(spent);
  return {
    ...initialState(Date.now()),
    phase: snapshotRef === null && !direct ? { at: "begin" } : { at: "plan" },
    turn,
    calls: { ...calls.llm, inFlight: 0 },
    toolCalls: { settled: calls.tool, inFlight: 0 },
    usage: spent.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE),
    snapshotRef,
    variablesRef: source.variablesRef,
    trajectoryRef: turns[turn - 1]?.ref ?? null,
    executedCells: turns.slice(0, turn).filter(({ record }) => (direct ? record.packHead : record.beforeRef) !== null).length,
  };
}
