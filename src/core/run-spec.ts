import type { BlobRef } from "./blob-ref.js";
import type { RunModels } from "./model-settings.js";
import type { RunLimits } from "./run-limits.js";
import type { Signature } from "./signature.js";
import type { DirectStrategy } from "./strategy.js";
import type { ToolSpec } from "./tool-spec.js";

/** One input of a run: immutable bytes in the store and how Python gets them. */
export interface RunInputDescriptor {
  readonly name: string;
  /** `text`: UTF-8 -> `str`. `bytes` -> `bytes`. `json`: JSON text -> the value it stands for. */
  readonly kind: "text" | "bytes" | "json";
  readonly ref: BlobRef;
  /** Of what came over the network. */
  readonly origin?: SourceOrigin;
  /** Places that were redacted on the way into the store. @default none */
  readonly redacted?: number;
}

/** What tells which version of a thing of the network an input is. */
export interface SourceOrigin {
  /** Without password, query and fragment. */
  readonly url: string;
  readonly etag?: string;
}

export interface ForkOrigin {
  readonly workflowId: string;
  /** 0: from the inputs only. */
  readonly turn: number;
}

/** The spec of a run whose strategy has no sandbox. */
export type DirectSpec = RunSpec & { readonly strategy: DirectStrategy };

export function isDirect(spec: RunSpec): spec is DirectSpec {
  return spec.strategy !== undefined;
}

/** Everything a run is asked to do. A blob, written by the client before the start; equal specs have equal digests. */
export interface RunSpec {
  readonly v: 1;
  readonly signature: Signature;
  readonly inputs: readonly RunInputDescriptor[];
  /** Of a child run: inputs of the runs above it, whose bytes its interpreter refers to. @default none */
  readonly inherited?: readonly RunInputDescriptor[];
  readonly models: RunModels;
  /** The user's functions that the model can call; their code is in the workers of `queues.tools`. @default none */
  readonly tools?: readonly ToolSpec[];
  /** Python source that is run once in the new session, before turn 1. @default none */
  readonly setup?: string;
  /** Names and versions of the packages that the sandbox has beside the standard library. @default none */
  readonly packages?: readonly string[];
  readonly limits: RunLimits;
  /** @default "rlm", and then left out: specs of equal runs are equal */
  readonly strategy?: DirectStrategy;
  /** The run and turn that this one goes on from. */
  readonly forkedFrom?: ForkOrigin;
}
