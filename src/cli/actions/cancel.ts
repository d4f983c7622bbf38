import { setTimeout as sleep } from "node:timers/promises";
import { cancelRun } from "../../client/cancel-run.js";
import { readResult } from "../../client/read-result.js";
import type { RunClient } from "../../client/run-client.js";
import type { ResultDocument } from "../../core/result.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { withRun } from "../with-run.js";

/** A worker takes note within a heartbeat; without one the request waits at the server. */
const WAIT_MS = 10_000;

/** `rlm cancel`: asks the run to stop and waits a little for it to close. */
export async function cancel(workflowId: string, { json }: { readonly json: boolean }): Promise<ExitCode> {
  return withRun(workflowId, json, async ({ client }, display) => {
    const requested = await cancelRun(client, workflowId);
    const { status, reason } = await readClosed(client, workflowId);
    display[Symbol.dispose]();
    if (json) printJson({ workflowId, requested, status, reason });
    else if (!requested) printLine(`${workflowId} was closed already (${status}).`);
    else printLine(status === "cancelled" ? `${workflowId} is cancelled.` : `${workflowId} will be cancelled as soon as a worker takes note (now ${status}).`);
    return EXIT.answered;
  });
}

async function readClosed(client: RunClient, workflowId: string): Promise<ResultDocument> {
  const untilMs = Date.now() + WAIT_MS;
  for (;;) {
    const result = await readResult(client, workflowId);
    const open = result.status === "running" || result.status === "blocked" || result.status === "paused";
    if (!open || Date.now() >= untilMs) return result;
    await sleep(200);
  }
}
