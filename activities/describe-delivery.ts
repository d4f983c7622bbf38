import type { Manifest } from "../src/core/manifest.js";
import type { DeliverySubject } from "../src/core/sink-spec.js";
import { getRecord } from "../src/journal/records.js";
import type { Delivery } from "../src/sinks/sink.js";
import type { BlobStore } from "../src/store/blob-store.js";

/** Longest part of an output in a line for people. */
const SUMMARY_CHARS = 600;

/** What is told of a run or a batch: the document of `rlm result --json`, or the batch's own. */
export async function describeDelivery(store: BlobStore, subject: DeliverySubject): Promise<Pick<Delivery, "document" | "summary">> {
  if (subject.event === "run.blocked") {
    const { reason, message } = subject.notice;
    return { document: JSON.stringify(subject.notice), summary: `${subject.id}: blocked (${reason})\n${message}` };
  }
  const { event, id, ref } = subject;
  const text = async (digest: string): Promise<string> => Buffer.from(await store.get(digest)).toString("utf8");
  if (event === "batch.closed" || event === "batch.failed" || event === "batch.degraded" || event === "window.empty") {
    const document = await text(ref.digest);
    return { document, summary: `${event === "window.empty" ? "" : "Batch "}${id}: ${document.replaceAll(/["{}]/g, " ").replaceAll(/\s+/g, " ").trim().slice(0, SUMMARY_CHARS)}` };
  }
  const { workflowId, runId, status, reason, outputsRef, turns, llmCalls, maxLlmCalls, usage, closedAtMs, startedAtMs } = await getRecord<Manifest>(store, ref);
  // Put in as text: integers keep every digit.
  const outputs = outputsRef === null ? "null" : (await text(outputsRef.digest)).trim();
  const head = JSON.stringify({ workflowId, runId, status, reason }).slice(0, -1);
  const tail = JSON.stringify({ turns, llmCalls, maxLlmCalls, usage, durationMs: closedAtMs - startedAtMs }).slice(1);
  const why = reason === null ? "" : ` (${reason})`;
  return { document: `${head},"outputs":${outputs},${tail}`, summary: `${id}: ${status}${why}${outputsRef === null ? "" : `\n${outputs.slice(0, SUMMARY_CHARS)}`}` };
}
