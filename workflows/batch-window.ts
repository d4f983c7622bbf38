import { CancellationScope, condition, getExternalWorkflowHandle, log } from "@temporalio/workflow";
import { adoptedRow, initialBatchState, rowSettled, rowStarted, type RowGrant } from "../src/core/batch-decisions.js";
import { ROWS_AT_ONCE, type BatchInput, type BatchState, type OpenRow, type PreparedRow, type SettledRow } from "../src/core/batch-wire.js";
import { batchActivities } from "./batch-activity-proxies.js";
import { RowRecords } from "./row-records.js";
import { runRow } from "./run-row.js";

/** The rows that are under way, and the books of the batch. */
export class BatchWindow {
  readonly activities;
  #state: BatchState;
  #changes = 0;
  #seen = 0;
  #failure: { readonly error: unknown } | null = null;
  /** Runs that the server has not confirmed yet. */
  #starting = 0;
  readonly #records: RowRecords;
  /** Rows whose runs were started by an earlier run of the chain, or an earlier start of the batch. */
  #carried: readonly OpenRow[] = [];

  constructor(private readonly input: BatchInput) {
    const { planRef, generation } = input;
    this.activities = batchActivities(input.queues.llm, `batch ${input.batchId}`.slice(0, 200));
    this.#state = input.state ?? initialBatchState(Date.now(), input.spent);
    const record = (number: number, rows: readonly SettledRow[]): Promise<void> => CancellationScope.nonCancellable(() => this.activities.recordRows({ planRef, generation, number, rows }));
    this.#records = new RowRecords(this.#state.records, record, (error) => this.#fail(error));
    this.#carry(this.#state.open);
  }

  get state(): BatchState {
    return this.#state;
  }

  /** @throws what went wrong beside the loop: not a row that failed */
  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** Resolves when a row was settled since the last time. */
  async change(): Promise<void> {
    await condition(() => this.#changes > this.#seen);
    this.#seen = this.#changes;
  }

  lookedAt(count: number): void {
    this.#state = { ...this.#state, next: this.#state.next + count };
  }

  /** @param paidNow false: an earlier start of the batch has paid for it */
  settle(row: SettledRow, paidNow: boolean): void {
    this.#state = rowSettled(this.#state, row, paidNow);
    this.#records.add(row);
    this.#changes += 1;
  }

  /** Rows that an earlier start of the batch has left running are ours now. */
  adopt(rows: readonly Extract<PreparedRow, { open: string }>[]): void {
    const adopted = rows.map(({ index, open }) => {
      const row = adoptedRow(this.input, this.#state, { index, workflowId: open });
      this.#state = rowStarted(this.#state, row);
      return row;
    });
    this.#carry(adopted);
  }

  start(row: PreparedRow | undefined, { llmCalls, usd }: Extract<RowGrant, { grant: "start" }>): void {
    if (row === undefined || !("start" in row)) return;
    const open: OpenRow = { index: row.index, workflowId: row.start.workflowId, reservedCalls: llmCalls, reservedUsd: usd ?? 0 };
    this.#state = rowStarted(this.#state, open);
    this.#starting += 1;
    const settled = runRow({ input: this.input, activities: this.activities, open, start: row.start, usd, onStarted: () => (this.#starting -= 1) });
    void settled.then((each) => this.settle(each, true)).catch((error: unknown) => this.#fail(error));
  }

  /** Resolves when no row is under way and all that is settled is recorded. */
  async drained(): Promise<void> {
    while (this.#state.open.length > 0) {
      this.throwFailure();
      await this.change();
    }
    await this.#records.flushed();
    this.throwFailure();
  }

  /** The batch is cancelled: so are its rows, those that others have started too. */
  async cancelled(): Promise<void> {
    for (const { index, workflowId } of this.#carried) {
      if (!this.#state.open.some((row) => row.index === index)) continue;
      await getExternalWorkflowHandle(workflowId).cancel().catch((error: unknown) => log.info("a row was not reached", { error: String(error).slice(0, 200) }));
    }
    await this.drained();
  }

  /** What was settled is recorded first; what is under way is carried on. */
  async continueAsNew(go: (state: BatchState) => Promise<never>): Promise<never> {
    await condition(() => this.#starting === 0);
    await this.#records.flushed();
    return go({ ...this.#state, records: this.#records.written });
  }

  #carry(rows: readonly OpenRow[]): void {
    this.#carried = [...this.#carried, ...rows];
    void CancellationScope.nonCancellable(() => this.#settleCarried(rows)).catch((error: unknown) => this.#fail(error));
  }

  async #settleCarried(rows: readonly OpenRow[]): Promise<void> {
    let left = rows;
    while (left.length > 0) {
      const settled = await this.activities.awaitRows({ rows: left.slice(0, ROWS_AT_ONCE * 4) });
      for (const row of settled) this.settle(row, true);
      left = left.filter(({ index }) => !settled.some((row) => row.index === index));
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#changes += 1;
  }
}
