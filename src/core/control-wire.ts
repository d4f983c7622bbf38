/** What people and programs ask of a running workflow. */

/** Update: try a blocked run again now. */
export const RETRY_UPDATE = "retry";
/** Query: the state as `rlm show` prints it; needs a worker. */
export const STATUS_QUERY = "status";

export interface StatusView {
  readonly status: "running" | "blocked";
  readonly reason: string | null;
  readonly turn: number;
  readonly llmCalls: number;
  readonly epoch: number;
  readonly rebuilds: number;
}
