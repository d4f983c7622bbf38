import { batchStatus, type BatchStatus } from "../client/batch/batch-status.js";
import { BatchRecords } from "../client/batch/batch-records.js";
import { cancelBatch } from "../client/batch/cancel-batch.js";
import { followBatch } from "../client/batch/follow-batch.js";
import { rowDocument } from "../client/batch/row-document.js";
import { retryFailedRows, type StartedBatch } from "../client/batch/start-batch.js";
import { parseExactJson } from "../client/exact-json.js";
import type { Usage } from "../core/usage.js";
import type { StandardSchema } from "../signature/standard-schema.js";
import type { RlmClient } from "./rlm-client.js";
import { applySchemas } from "./run-result.js";

/** A row that is through. Field names are those of a line of `rlm batch run --out`. */
export interface BatchResult<Outputs> {
  readonly id: string;
  /** From 1. */
  readonly line: number;
  readonly status: "answered" | "degraded" | "failed" | "cancelled";
  readonly reason: string | null;
  /** `null`: it has none, or the program's own schemas have refused them. */
  readonly outputs: Outputs | null;
  /** What the program's own schemas say against the outputs. */
  readonly refused: readonly string[];
  readonly workflowId: string;
  readonly turns: number;
  readonly llmCalls: number;
  readonly usage: Usage;
}

/** A batch, wherever its rows are run. */
export class BatchHandle<Outputs> {
  constructor(
    readonly batchId: string,
    /** `finished`: every row was through already. */
    readonly how: StartedBatch["how"],
    private readonly client: RlmClient,
    private readonly outputSchemas: Readonly<Record<string, StandardSchema>>,
  ) {}

  /**
   * Every row as it settles, those of before first; ends when the batch is closed. Leaving the loop, or `signal`, ends the watching only.
   * @throws BatchError it was ended from outside
   */
  async *results({ signal }: { readonly signal?: AbortSignal } = {}): AsyncGenerator<BatchResult<Outputs>> {
    const { store } = this.client.runs;
    const records = new BatchRecords(store, this.batchId);
    await records.look();
    const plan = await records.planRows();
    for await (const rows of followBatch(this.client.runs, records, signal)) {
      for (const row of rows) {
        const planned = plan[row.index];
        if (planned === undefined) continue;
        const document = parseExactJson(await rowDocument(store, planned, row)) as BatchResult<Record<string, unknown>>;
        const { checked, faults } = document.outputs === null ? { checked: null, faults: [] } : await applySchemas(document.outputs, this.outputSchemas);
        yield { ...document, outputs: faults.length > 0 ? null : (checked as Outputs | null), refused: faults };
      }
    }
  }

  /** How far it is. */
  async status(): Promise<BatchStatus> {
    return batchStatus(this.client.runs, this.batchId, { askServer: true });
  }

  /** Cancels it and the rows that are under way; the same `batch(…)` goes on later. @returns whether it was under way */
  async cancel(): Promise<boolean> {
    const { open, rows } = await cancelBatch(this.client.runs, this.batchId);
    return open || rows > 0;
  }

  /** Runs the failed rows again. @throws BatchError it is under way */
  async retryFailed(): Promise<void> {
    await retryFailedRows(this.client.runs, this.batchId);
  }
}
