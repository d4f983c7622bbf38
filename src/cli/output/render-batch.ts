import type { BatchStatus } from "../../client/batch/batch-status.js";

const STOPS: Readonly<Record<string, string>> = {
  failures: "--max-failures is reached", "llm-calls": "--total-llm-calls is reached", budget: "--budget-usd is reached", cancelled: "it was cancelled", ended: "it was ended from outside",
};

/** A batch in two or three lines for people. */
export function renderBatch({ batchId, status, stopped, rows, counts, left, llmCalls, usage }: BatchStatus): string {
  const { answered, degraded, failed } = counts;
  const parts = [`${answered} answered`, ...(degraded > 0 ? [`${degraded} degraded`] : []), ...(failed > 0 ? [`${failed} failed`] : []), ...(left > 0 ? [`${left} left`] : [])];
  const lines = [`${batchId}: ${status}; ${rows} rows: ${parts.join(", ")}`, `${llmCalls} sub-calls, ${usage.inputTokens} + ${usage.outputTokens} tokens${usage.costUsd === null ? "" : `, $${usage.costUsd.toFixed(4)}`}`];
  if (stopped !== null) lines.push(`Stopped: ${STOPS[stopped] ?? stopped}. The same rlm batch run goes on with what is left.`);
  if (failed > 0 && status !== "running") lines.push(`Failed rows again: rlm batch retry-failed ${batchId} --out FILE`);
  return lines.join("\n");
}
