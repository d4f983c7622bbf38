import type { BlobRef } from "./blob-ref.js";
import type { ModelSettingsTable } from "./model-settings.js";
import type { RunLimits } from "./run-limits.js";
import type { Signature } from "./signature.js";

/** One input of a run: immutable bytes in the store and how Python gets them. */
export interface RunInputDescriptor {
  readonly name: string;
  /** `text`: UTF-8 -> `str`. `bytes` -> `bytes`. `json`: JSON text -> the value it stands for. */
  readonly kind: "text" | "bytes" | "json";
  readonly ref: BlobRef;
}

/** Everything a run is asked to do. A blob, written by the client before the start; equal specs have equal digests. */
export interface RunSpec {
  readonly v: 1;
  readonly signature: Signature;
  readonly inputs: readonly RunInputDescriptor[];
  readonly models: {
    readonly root: string;
    readonly sub: string;
    /** Further names that `llm_query(model=…)` may use. */
    readonly allowed: readonly string[];
    readonly settings: ModelSettingsTable;
  };
  readonly limits: RunLimits;
}
