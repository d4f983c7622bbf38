import { createHash } from "node:crypto";
import path from "node:path";
import type { Composed } from "../api/compose/compose.js";
import { ResultsWriter } from "../batch/results-writer.js";
import { statusOf, type BatchStatus } from "../client/batch/batch-status.js";
import { BatchRecords } from "../client/batch/batch-records.js";
import { followBatch } from "../client/batch/follow-batch.js";
import { writeResults } from "../client/batch/write-results.js";
import { acquireLock } from "../stack/process/exclusive-lock.js";
import { CliError } from "./cli-error.js";
import { EXIT, type ExitCode } from "./exit-code.js";
import { onInterrupt } from "./interrupt.js";
import { printJson, printLine, printNote } from "./output/print.js";
import type { ProgressDisplay } from "./output/progress-display.js";
import { renderBatch } from "./output/render-batch.js";

/** The files of results, which no other command writes at the same time. */
export async function openResults({ home }: Pick<Composed, "home">, out: string): Promise<{ readonly writer: ResultsWriter } & AsyncDisposable> {
  const name = createHash("sha256").update(path.resolve(out)).digest("hex").slice(0, 24);
  const lock = await acquireLock(path.join(home, "locks", name), 1000);
  if (lock === null) throw new CliError("out_busy", EXIT.usage, `Another command is writing ${out}.`, "Wait for it, or choose another --out.");
  try {
    const writer = await ResultsWriter.open(out);
    return {
      writer,
      async [Symbol.asyncDispose]() {
        await writer[Symbol.asyncDispose]();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw new CliError("invalid_out", EXIT.usage, `--out ${out} cannot be written: ${error instanceof Error ? error.message : String(error)}.`, "Name a file in a directory that is there and may be written.", { cause: error });
  }
}

/** Writes results as they come, until the batch is closed or Ctrl-C. */
export async function followToFiles({ client }: Composed, batchId: string, writer: ResultsWriter, display: ProgressDisplay, json: boolean): Promise<ExitCode> {
  const leaving = new AbortController();
  using _interrupt = onInterrupt((times) => (times > 1 ? process.exit(EXIT.interrupted) : leaving.abort()));
  const records = new BatchRecords(client.store, batchId);
  await records.look();
  const plan = await records.planRows();
  for await (const rows of followBatch(client, records, leaving.signal)) {
    await writeResults(client.store, plan, writer, rows);
    const failed = [...records.rows.values()].filter(({ status }) => status === "failed").length;
    display.step(`${records.rows.size} of ${plan.length} rows are through${failed === 0 ? "" : `, ${failed} failed`}`);
  }
  display[Symbol.dispose]();
  if (records.outcome === null) {
    printNote(`Detached; the batch goes on.\n  rlm batch status ${batchId}   how far it is\n  rlm batch cancel ${batchId}   to stop it\nThe same command again goes on writing its results.`);
    return EXIT.interrupted;
  }
  return printBatch(statusOf(records, false), json);
}

/** The summary, and the exit code of the batch. */
export function printBatch(status: BatchStatus, json: boolean): ExitCode {
  if (json) printJson(status);
  else printLine(renderBatch(status));
  if (status.status === "running") return EXIT.answered;
  if (status.counts.failed > 0 || status.left > 0) return EXIT.failed;
  return status.counts.degraded > 0 ? EXIT.degraded : EXIT.answered;
}
