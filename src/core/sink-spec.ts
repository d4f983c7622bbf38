import type { BlobRef } from "./blob-ref.js";

/** Where a result is delivered when a run or a batch closes. Never holds a secret: those are named by the variable of the worker's environment that has them. */
export type SinkSpec =
  /** Written beside and renamed. `{id}` in the path becomes the run's id. A path of the machine that the worker runs on. */
  | { readonly type: "file"; readonly path: string }
  /** POST of JSON; with `secretEnv` it is signed (HMAC-SHA256). */
  | { readonly type: "webhook"; readonly url: string; readonly secretEnv?: string }
  /** Slack's incoming webhook, whose URL is a secret itself. */
  | { readonly type: "slack"; readonly urlEnv: string };

/** Argument of the workflow `rlmDelivery`. */
export interface DeliveryInput {
  /** Blob: `readonly SinkSpec[]`. */
  readonly sinksRef: BlobRef;
  readonly subject: DeliverySubject;
  readonly llmQueue: string;
}

/** What is told of. `ref`: of a run its manifest; of a batch its summary document; of a schedule's window without anything in it an `EmptyWindowNotice`. */
export interface DeliverySubject {
  readonly event: "run.closed" | "batch.closed" | "window.empty";
  readonly id: string;
  /** With the sink's place in the list it is the idempotency key: the run's uid, the batch's start, or that of the window's workflow. */
  readonly key: string;
  readonly ref: BlobRef;
}

export interface DeliverArgs {
  readonly sinksRef: BlobRef;
  readonly index: number;
  readonly subject: DeliverySubject;
}

export const DELIVERY_WORKFLOW_TYPE = "rlmDelivery";
/** More would be a mailing list. */
export const MAX_SINKS = 10;
