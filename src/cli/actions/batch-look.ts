import { compose, type Composed } from "../../api/compose/compose.js";
import { BatchNotFoundError } from "../../client/batch/batch-error.js";
import { BatchRecords } from "../../client/batch/batch-records.js";
import { batchStatus } from "../../client/batch/batch-status.js";
import { cancelBatch } from "../../client/batch/cancel-batch.js";
import { writeResults } from "../../client/batch/write-results.js";
import { openResults, printBatch } from "../batch-follow.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { ProgressDisplay } from "../output/progress-display.js";

/** `rlm batch status`: from the store; the server is asked only whether an unfinished one is under way. */
export function batchShow(batchId: string, { json }: { readonly json: boolean }): Promise<ExitCode> {
  return withBatch(batchId, json, async (composed) => {
    printBatch(await batchStatus(composed.client, batchId, { askServer: !(await composed.hasNoServer()) }), json);
    return EXIT.answered;
  });
}

/** `rlm batch results`: what is there now, into files. */
export function batchResults(batchId: string, { json, out }: { readonly json: boolean; readonly out: string }): Promise<ExitCode> {
  return withBatch(batchId, json, async (composed, records) => {
    await using results = await openResults(composed, out);
    await writeResults(composed.client.store, await records.planRows(), results.writer, [...records.rows.values()]);
    return printBatch(await batchStatus(composed.client, batchId, { askServer: !(await composed.hasNoServer()) }), json);
  });
}

/** `rlm batch cancel`. */
export function batchCancel(batchId: string, { json }: { readonly json: boolean }): Promise<ExitCode> {
  return withBatch(batchId, json, async ({ client }) => {
    const { open, rows } = await cancelBatch(client, batchId);
    if (json) printJson({ batchId, requested: open || rows > 0 });
    else if (open) printLine(`Cancelling ${batchId}: rows under way are cancelled, no other is started.`);
    else printLine(rows > 0 ? `${batchId} was ended from outside; cancelling the ${rows} rows that it left running.` : `${batchId} is not under way.`);
    return EXIT.answered;
  });
}

async function withBatch(batchId: string, quiet: boolean, act: (composed: Composed, records: BatchRecords) => Promise<ExitCode>): Promise<ExitCode> {
  using display = new ProgressDisplay(process.stderr, quiet);
  const composed = await compose({ onStep: (line) => display.step(line) });
  try {
    const records = new BatchRecords(composed.client.store, batchId);
    await records.look();
    if (records.start === null) throw new BatchNotFoundError(batchId);
    display[Symbol.dispose]();
    return await act(composed, records);
  } finally {
    await composed.close();
  }
}
