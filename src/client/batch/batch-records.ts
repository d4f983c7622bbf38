import { recordName } from "../../core/batch-decisions.js";
import type { BatchOutcome, BatchPlan, BatchRow, BatchSpent, BatchStart, SettledRow } from "../../core/batch-wire.js";
import { addUsage, NO_USAGE } from "../../core/usage.js";
import { getRecord } from "../../journal/records.js";
import type { BlobStore } from "../../store/blob-store.js";
import { workflowIdHex } from "../workflow-id.js";

/** A settled row, and in which start of the batch. */
export interface RecordedRow extends SettledRow {
  readonly generation: number;
}

/** What the store knows of a batch. Records are written once, so that looking again reads only what is new. */
export class BatchRecords {
  readonly #prefix: string;
  readonly #seen = new Set<string>();
  readonly #newest = new Map<number, RecordedRow>();
  readonly #paid = new Map<string, BatchSpent>();
  readonly #starts = new Map<number, BatchStart>();
  readonly #outcomes = new Map<number, BatchOutcome>();

  constructor(private readonly store: BlobStore, readonly batchId: string) {
    this.#prefix = recordName(workflowIdHex(batchId), 0, 0).split("/").slice(0, 2).join("/");
  }

  /** Looks for what is new, and returns the rows that are. */
  async look(): Promise<readonly RecordedRow[]> {
    const fresh: RecordedRow[] = [];
    const names: string[] = [];
    for await (const name of this.store.listNamed(this.#prefix)) if (!this.#seen.has(name)) names.push(name);
    for (const name of names.sort(byNumber)) {
      const bytes = await this.store.getNamed(name);
      if (bytes === null) continue;
      this.#seen.add(name);
      const [generation = "", what = ""] = name.split("/").slice(-2);
      const record = JSON.parse(Buffer.from(bytes).toString("utf8")) as unknown;
      if (what === "start") this.#starts.set(Number(generation), record as BatchStart);
      else if (what === "outcome") this.#outcomes.set(Number(generation), record as BatchOutcome);
      else for (const row of record as readonly SettledRow[]) fresh.push(this.#take({ ...row, generation: Number(generation) }));
    }
    return fresh;
  }

  /** Newest start, from 1; 0: the batch was never started. */
  get generation(): number {
    return Math.max(0, ...this.#starts.keys());
  }

  get start(): BatchStart | null {
    return this.#starts.get(this.generation) ?? null;
  }

  /** Of the newest start; `null`: not closed yet. */
  get outcome(): BatchOutcome | null {
    return this.#outcomes.get(this.generation) ?? null;
  }

  /** Every settled row as it stands now, by index. */
  get rows(): ReadonlyMap<number, RecordedRow> {
    return this.#newest;
  }

  /** What the runs of all rows have used, those of tries that failed too. */
  spent(): BatchSpent {
    return [...this.#paid.values()].reduce((sum, { llmCalls, usage }) => ({ llmCalls: sum.llmCalls + llmCalls, usage: addUsage(sum.usage, usage) }), { llmCalls: 0, usage: NO_USAGE });
  }

  /** Ids of the runs whose use is in `spent`. */
  countedRuns(): readonly string[] {
    return [...this.#paid.keys()];
  }

  /** The rows of the newest start, in their order. */
  async planRows(): Promise<readonly BatchRow[]> {
    const { start } = this;
    if (start === null) return [];
    const { pages } = await getRecord<BatchPlan>(this.store, start.planRef);
    return (await Promise.all(pages.map(({ ref }) => getRecord<readonly BatchRow[]>(this.store, ref)))).flat();
  }

  #take(row: RecordedRow): RecordedRow {
    const { llmCalls, usage } = row;
    this.#paid.set(row.workflowId, { llmCalls, usage });
    if ((this.#newest.get(row.index)?.generation ?? 0) <= row.generation) this.#newest.set(row.index, row);
    return row;
  }
}

/** By generation, then number. */
function byNumber(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
