import type { Observe } from "../src/core/work-fact.js";
import type { CellRunner } from "../src/runner/cell-runner.js";
import type { ToolCaller } from "../src/runner/tool-caller.js";
import type { ModelCaller } from "../src/runner/model-caller.js";
import type { PreparedWindow, PrepareWindowArgs } from "../src/core/schedule-wire.js";
import type { Deliver } from "../src/sinks/sink.js";
import type { BlobStore } from "../src/store/blob-store.js";

/** What model-call and store activities need. */
export interface CallDeps {
  readonly store: BlobStore;
  readonly caller: ModelCaller;
  readonly nowMs: () => number;
  /** @default nobody is told */
  readonly observe?: Observe;
}

/** What root calls need beside. */
export interface HostDeps {
  /** Of this process. */
  readonly sessionQueue: string;
}

/** What cell activities need. */
export interface CellDeps {
  readonly runner: CellRunner;
}

/** What tool activities need. */
export interface ToolDeps {
  readonly toolCaller: ToolCaller;
}

/** What deliveries of results need. */
export interface DeliveryDeps {
  readonly store: BlobStore;
  readonly deliver: Deliver;
}

/** What batches need. */
export interface BatchDeps {
  readonly store: BlobStore;
  /** Of the workers of this version. */
  readonly replQueue: string;
}

/** What windows of schedules need. */
export interface ScheduleDeps {
  /** @param stateOf what the server knows of a run */
  readonly prepareWindow: (args: PrepareWindowArgs, stateOf: (workflowId: string) => Promise<"open" | "closed" | "unknown">) => Promise<PreparedWindow>;
}
