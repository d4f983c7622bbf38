import { retryRun } from "../../client/retry-run.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { requester } from "../../client/requester.js";
import { withRun } from "../with-run.js";

/** `rlm retry`: a blocked run tries again now. On the embedded stack with the credentials of this command. */
export async function retry(workflowId: string, { json, why }: { readonly json: boolean; readonly why?: string }): Promise<ExitCode> {
  return withRun(workflowId, json, async ({ client }, display) => {
    await retryRun(client, workflowId, requester(why));
    display[Symbol.dispose]();
    if (json) printJson({ workflowId, retried: true });
    else printLine(`${workflowId} tries again. rlm watch ${workflowId} follows it.`);
    return EXIT.answered;
  });
}
