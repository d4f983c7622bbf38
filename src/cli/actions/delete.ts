import { createInterface } from "node:readline/promises";
import { deleteRun } from "../../client/garbage/delete-run.js";
import { CliError } from "../cli-error.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { formatBytes } from "../../core/byte-size.js";
import { withRun } from "../with-run.js";

/** `rlm delete`: a closed run and all that is its alone. */
export async function deleteOne(workflowId: string, { yes, json }: { readonly yes: boolean; readonly json: boolean }): Promise<ExitCode> {
  return withRun(workflowId, json, async ({ client, inventory, hasNoServer }, display) => {
    if (!yes && !(await confirmed(workflowId))) throw new CliError("invalid_options", EXIT.usage, `Nothing was deleted. What ${workflowId} did and answered would be gone for good: say --yes.`);
    const deleted = await deleteRun(client, inventory, workflowId, { askServer: !(await hasNoServer()) });
    display[Symbol.dispose]();
    if (json) printJson(deleted);
    else printLine(`${workflowId} is deleted${withChildren(deleted.children.length)} (${deleted.removed.blobs} blobs, ${formatBytes(deleted.removed.bytes + deleted.replies.bytes)}).`);
    return EXIT.answered;
  });
}

function withChildren(count: number): string {
  return count === 0 ? "" : ` with its ${count === 1 ? "child run" : `${count} child runs`}`;
}

/** Asks where there is somebody to ask. */
async function confirmed(workflowId: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`Delete ${workflowId} for good? [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
