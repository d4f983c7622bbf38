import type { ResultDocument } from "../core/result.js";
import type { RunSpec } from "../core/run-spec.js";
import { getRecord } from "../journal/records.js";
import { formatSignature } from "../signature/format-signature.js";
import { RunNotFoundError } from "./errors.js";
import { viewRun } from "./follow-run.js";
import { readManifest } from "./read-manifest.js";
import { readResult } from "./read-result.js";
import { readTrajectory } from "./read-trajectory.js";
import type { RunClient } from "./run-client.js";
import type { TrajectoryTurn } from "./trajectory-document.js";

/** What `rlm diff A B --json` prints. Field names are stable (docs/cli-json.md). */
export interface RunDiff {
  readonly a: ResultDocument;
  readonly b: ResultDocument;
  /** What was asked differently; `null`: not set. */
  readonly spec: readonly { readonly field: string; readonly a: unknown; readonly b: unknown }[];
  /** Turns whose code and observation are equal in both, from the first on. */
  readonly sharedTurns: number;
  /** The turns after those. */
  readonly turns: readonly { readonly turn: number; readonly a: DiffedTurn | null; readonly b: DiffedTurn | null }[];
}

export type DiffedTurn = Pick<TrajectoryTurn, "code" | "observation" | "usage"> & { readonly calls: number };

/**
 * How two runs differ: in what was asked, from which turn on, and in how they ended.
 * @throws RunNotFoundError
 */
export async function diffRuns(client: RunClient, idA: string, idB: string): Promise<RunDiff> {
  const [a, b] = await Promise.all([readSide(client, idA), readSide(client, idB)]);
  const sharedTurns = countShared(a.turns, b.turns);
  const length = Math.max(a.turns.length, b.turns.length);
  const turns = Array.from({ length: length - sharedTurns }, (_unused, i) => sharedTurns + i);
  return {
    a: a.result,
    b: b.result,
    spec: diffSpecs(a.spec, b.spec),
    sharedTurns,
    turns: turns.map((i) => ({ turn: i + 1, a: shown(a.turns[i]), b: shown(b.turns[i]) })),
  };
}

async function readSide(client: RunClient, workflowId: string) {
  const [result, { turns }, specRef] = await Promise.all([
    readResult(client, workflowId),
    readTrajectory(client, workflowId),
    readManifest(client.store, workflowId).then(async (manifest) => manifest?.specRef ?? (await viewRun(client, workflowId)).specRef),
  ]);
  if (specRef === null) throw new RunNotFoundError(workflowId);
  return { result, turns, spec: await getRecord<RunSpec>(client.store, specRef) };
}

function countShared(a: readonly TrajectoryTurn[], b: readonly TrajectoryTurn[]): number {
  const first = a.findIndex((turn, i) => turn.code !== b[i]?.code || turn.observation !== b[i]?.observation || turn.reasoning !== b[i]?.reasoning);
  return first === -1 ? a.length : first;
}

function diffSpecs(a: RunSpec, b: RunSpec): RunDiff["spec"] {
  const [flatA, flatB] = [flatten(a), flatten(b)];
  const fields = [...new Set([...Object.keys(flatA), ...Object.keys(flatB)])];
  const rows = fields.map((field) => ({ field, a: flatA[field] ?? null, b: flatB[field] ?? null }));
  return rows.filter((row) => JSON.stringify(row.a) !== JSON.stringify(row.b));
}

function flatten({ signature, models, limits, inputs }: RunSpec): Readonly<Record<string, unknown>> {
  return {
    signature: formatSignature(signature),
    instructions: signature.instructions,
    model: models.root,
    subModel: models.sub,
    ...limits,
    ...Object.fromEntries(inputs.map(({ name, ref }) => [`input ${name}`, ref.digest])),
  };
}

function shown(turn: TrajectoryTurn | undefined): DiffedTurn | null {
  return turn === undefined ? null : { code: turn.code, observation: turn.observation, usage: turn.usage, calls: turn.calls.length };
}
