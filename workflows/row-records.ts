import { condition } from "@temporalio/workflow";
import { ROWS_AT_ONCE, type SettledRow } from "../src/core/batch-wire.js";

/** Has settled rows recorded, one record at a time, so that rows which settle meanwhile share the next one. */
export class RowRecords {
  #waiting: SettledRow[] = [];
  #writing = false;

  /** @param written number of records so far: names them without gaps */
  constructor(
    public written: number,
    private readonly record: (number: number, rows: readonly SettledRow[]) => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  add(row: SettledRow): void {
    this.#waiting.push(row);
    if (this.#writing) return;
    this.#writing = true;
    void this.#write().catch(this.onError);
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const rows = this.#waiting.splice(0, ROWS_AT_ONCE);
      await this.record(this.written, rows);
      this.written += 1;
    }
    this.#writing = false;
  }

  /** Resolves when every row is recorded. */
  async flushed(): Promise<void> {
    await condition(() => !this.#writing && this.#waiting.length === 0);
  }
}
