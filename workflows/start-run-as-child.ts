import { startChild, type ChildWorkflowHandle, type ChildWorkflowOptions } from "@temporalio/workflow";
import type { RunMemo } from "../src/core/run-memo.js";
import { labelAttributes, progressAttributes, type RunLabels } from "../src/core/visibility.js";
import { WORKFLOW_TYPE, type RunInput, type RunOutcome } from "../src/core/wire.js";

export interface ChildRunOptions extends Required<Pick<ChildWorkflowOptions, "workflowId" | "parentClosePolicy">> {
  readonly labels: RunLabels;
  /** The signature's text, shortened. */
  readonly signature: string;
  readonly workflowTaskTimeoutMs: number;
}

/** Starts a run that is a row of a batch or a window of a schedule; it is found and shown as any other. A cancellation is passed on, and waited for. */
export function startRunAsChild(input: RunInput, { workflowId, parentClosePolicy, labels, signature, workflowTaskTimeoutMs }: ChildRunOptions): Promise<ChildWorkflowHandle<(input: RunInput) => Promise<RunOutcome>>> {
  const memo: RunMemo = { specDigest: input.specRef.digest, signature, ...labels };
  return startChild<(input: RunInput) => Promise<RunOutcome>>(WORKFLOW_TYPE, {
    workflowId,
    args: [input],
    memo: { ...memo },
    ...(input.visible === true && { typedSearchAttributes: [...labelAttributes(labels), ...progressAttributes({ status: "running", turns: 0, llmCalls: 0, costUsd: 0 })] }),
    staticSummary: signature,
    workflowTaskTimeout: workflowTaskTimeoutMs,
    workflowIdReusePolicy: "REJECT_DUPLICATE",
    parentClosePolicy,
    cancellationType: "WAIT_CANCELLATION_COMPLETED",
  });
}
