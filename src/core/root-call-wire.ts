/** What travels for calls of the root model. JSON only, refs instead of bytes, as in wire.ts. */
import type { BlobRef } from "./blob-ref.js";
import type { CallCounts } from "./call-counts.js";
import type { BudgetView } from "./cell.js";
import type { SteerRequest } from "./control-wire.js";
import type { Usage } from "./usage.js";
import type { RunKey } from "./wire.js";

export interface PlanArgs {
  readonly run: RunKey;
  readonly specRef: BlobRef;
  /** `null`: a strategy without a sandbox. */
  readonly variablesRef: BlobRef | null;
  readonly turn: number;
  readonly trajectoryRef: BlobRef | null;
  readonly budget: BudgetView;
  /** Messages of operators since the last turn, oldest first. */
  readonly steers: readonly SteerRequest[];
}

export interface PlanResult {
  readonly planRef: BlobRef;
  /** False: the reply held no code; the turn is over and `trajectoryRef` has it. */
  readonly hasCode: boolean;
  readonly trajectoryRef: BlobRef | null;
  /** Only of strategies without a sandbox: what the reply was. */
  readonly direct?: DirectResult;
  readonly usage: Usage;
  /** Session queue of a process that vanished while it made this call; absent: none did. A session parked there is lost. */
  readonly vanished?: string;
}

/** Accepted outputs, calls to tools, or neither: then the model is told what was wrong. */
export interface DirectResult {
  readonly outputsRef: BlobRef | null;
  readonly calls: { readonly pack: BlobRef; readonly counts: CallCounts } | null;
}

export interface ExtractArgs {
  readonly run: RunKey;
  readonly specRef: BlobRef;
  readonly variablesRef: BlobRef | null;
  readonly trajectoryRef: BlobRef;
  /** 1, 2, …: later attempts are told what was wrong with the one before. */
  readonly attempt: number;
}

export interface ExtractResult {
  readonly outputsRef: BlobRef | null;
  readonly usage: Usage;
}
