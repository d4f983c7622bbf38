import type { SinkSpec } from "../core/sink-spec.js";

/** One message to one sink. */
export interface Delivery {
  /** The same on every try: the receiver tells a repeated delivery by it. */
  readonly idempotencyKey: string;
  readonly event: string;
  /** Id of the run or batch. */
  readonly id: string;
  /** JSON text: what `rlm result --json` (of a batch, `rlm batch status --json`) prints. */
  readonly document: string;
  /** One or two lines for people. */
  readonly summary: string;
}

/**
 * Delivers a message. Contract: one try; may be called again with the same delivery, after a success too, which must do no harm; throws `SinkError`.
 */
export type Deliver = (sink: SinkSpec, delivery: Delivery, signal: AbortSignal) => Promise<void>;

/** A delivery did not go through. The message holds no URL and no secret. */
export class SinkError extends Error {
  override readonly name = "SinkError";
  readonly code = "sink_failed";
  /** @param retryable another try may go through */
  constructor(message: string, readonly retryable: boolean, readonly retryAfterMs: number | null = null, options?: ErrorOptions) {
    super(message, options);
  }
}
