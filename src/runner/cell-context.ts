import type { BlobRef } from "../core/blob-ref.js";
import type { RunSpec } from "../core/run-spec.js";
import type { PlanRecord } from "../core/trajectory.js";
import type { ExecuteArgs } from "../core/wire.js";
import type { GivenAnswer, PackHeader } from "../journal/pack.js";

/** What a cell's end needs to know of its beginning. */
export interface CellContext {
  readonly args: ExecuteArgs;
  readonly spec: RunSpec;
  readonly plan: PlanRecord;
  /** Newest pack of the cell so far. */
  packHead: BlobRef | null;
  /** What the newest suspension was given. */
  previousAnswer: GivenAnswer | null;
  /** Sub-calls of the run answered or in flight, as of the newest step. */
  llmCallsUsed: number;
}

/** The suspension a parked cell waits in. */
export interface PendingSuspension {
  readonly seq: number;
  readonly header: PackHeader;
}
