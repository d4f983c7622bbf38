/** What travels for sub-calls. JSON only, refs instead of bytes, as in wire.ts. */
import type { BlobRef } from "./blob-ref.js";
import type { Usage } from "./usage.js";
import type { ResumeArgs, RunKey, StepResult } from "./wire.js";

export interface CallArgs {
  readonly run: RunKey;
  readonly specRef: BlobRef;
  readonly turn: number;
  readonly pack: BlobRef;
  readonly index: number;
}

export interface CallResult {
  readonly failed: boolean;
  readonly usage: Usage;
}

/** A call to a tool. Its outcome, an error that it raised included, is in the store. */
export interface CallToolResult {
  readonly tool: string;
  readonly failed: boolean;
}

export interface CallSliceArgs {
  readonly run: RunKey;
  readonly specRef: BlobRef;
  readonly turn: number;
  readonly pack: BlobRef;
  readonly start: number;
  readonly count: number;
  readonly concurrency: number;
}

export interface CallSliceResult {
  readonly answered: number;
  readonly failed: number;
  readonly usage: Usage;
}

/** The fused step: makes the one call of a suspension, stores its reply and resumes, in one activity. */
export interface CallAndResumeArgs {
  readonly call: CallArgs;
  readonly resume: ResumeArgs;
}

/** Result of the fused step. */
export interface CallAndResumeResult {
  readonly call: CallResult;
  readonly step: StepResult;
}
