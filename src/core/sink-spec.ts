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
  readonly sinksRef?: BlobRef;
  /** In the place of `sinksRef`, for alerts: they are told while the store is out of reach. */
  readonly sinks?: readonly SinkSpec[];
  readonly subject: DeliverySubject;
  readonly llmQueue: string;
}

/** What is told of. `ref`: of a run its manifest; of a batch its summary document; of a schedule's window without anything in it an `EmptyWindowNotice`. */
export type DeliverySubject = ToldResult | ToldBlocked;

interface Told {
  readonly id: string;
  /** With the sink's place in the list it is the idempotency key: the run's uid, the batch's start, or that of the window's workflow. */
  readonly key: string;
}

interface ToldResult extends Told {
  readonly event: "run.closed" | "run.failed" | "run.degraded" | "batch.closed" | "batch.failed" | "batch.degraded" | "window.empty";
  readonly ref: BlobRef;
}

interface ToldBlocked extends Told {
  readonly event: "run.blocked";
  readonly notice: BlockedNotice;
}

/** The document of an alert that a run waits for a person. Field names are stable. */
export interface BlockedNotice {
  readonly workflowId: string;
  readonly status: "blocked";
  /** The wall: `credentials`, `quota`, `store`, `build`, `worker`, `rebuilds`, `limit`, `unexpected`. */
  readonly reason: string;
  readonly message: string;
  readonly atMs: number;
  /** Of a child run. */
  readonly parent: string | null;
}

export interface DeliverArgs extends Pick<DeliveryInput, "sinksRef" | "sinks"> {
  readonly index: number;
  readonly subject: DeliverySubject;
}

export const DELIVERY_WORKFLOW_TYPE = "rlmDelivery";
/** Alerts travel in the input of every run: few, and short. */
export const MAX_ALERTS = 2;
export const MAX_ALERT_CHARS = 250;
/** More would be a mailing list. */
export const MAX_SINKS = 10;
