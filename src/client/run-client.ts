import type { Client } from "@temporalio/client";
import type { SinkSpec } from "../core/sink-spec.js";
import type { BlobStore } from "../store/blob-store.js";

/** What every verb of the client side works with. */
export interface RunClient {
  readonly store: BlobStore;
  /** Who is told when a run that is started here is blocked, fails or is degraded. @default nobody */
  readonly alerts?: readonly SinkSpec[];
  /** Runs that may be open at once; a further start is refused. `null`: no limit. @default null */
  readonly maxOpenRuns?: number | null;
  /**
   * The connected client. Called only by what cannot be answered from the store, so that closed runs are read with no server up.
   * Contract: connects once; throws what `connectTemporal` throws.
   */
  readonly temporal: () => Promise<Client>;
  /**
   * Called when the server does not answer in the middle of a wait, before it is asked again. The embedded stack is brought back here.
   * Contract: may be called many times; must not throw.
   */
  readonly onUnavailable?: () => Promise<void>;
}
