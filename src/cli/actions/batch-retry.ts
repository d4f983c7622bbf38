import { compose } from "../../api/compose/compose.js";
import { retryFailedRows } from "../../client/batch/start-batch.js";
import { followToFiles, openResults } from "../batch-follow.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printLine } from "../output/print.js";
import { ProgressDisplay } from "../output/progress-display.js";

/** `rlm batch retry-failed`. */
export async function batchRetry(batchId: string, { out, json, detach }: { readonly out: string; readonly json: boolean; readonly detach: boolean }): Promise<ExitCode> {
  using display = new ProgressDisplay(process.stderr, json);
  const composed = await compose({ onStep: (line) => display.step(line) });
  try {
    await using results = await openResults(composed, out);
    const { how } = await retryFailedRows(composed.client, batchId);
    if (how === "finished") display.line("No row has failed.");
    if (detach) {
      printLine(batchId);
      return EXIT.answered;
    }
    return await followToFiles(composed, batchId, results.writer, display, json);
  } finally {
    await composed.close();
  }
}
