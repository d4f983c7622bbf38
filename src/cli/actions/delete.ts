import { createInterface } from "node:readline/promises";
import { compose, type Composed } from "../../api/compose/compose.js";
import { requireKnowable } from "../../api/compose/require-knowable.js";
import { deleteBatch, isBatch } from "../../client/garbage/delete-batch.js";
import { deleteRun } from "../../client/garbage/delete-run.js";
import type { Removed } from "../../client/garbage/delete-together.js";
import { CliError } from "../cli-error.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { formatBytes } from "../../core/byte-size.js";
import { ProgressDisplay } from "../output/progress-display.js";

interface DeleteFlags {
  readonly yes: boolean;
  readonly json: boolean;
}

/** `rlm delete`: a closed run, or a closed batch with the runs of its rows, and all that is theirs alone. */
export async function deleteOne(id: string, flags: DeleteFlags): Promise<ExitCode> {
  using display = new ProgressDisplay(process.stderr, flags.json);
  const composed = await compose({ onStep: (line) => display.step(line) });
  try {
    const ofBatch = await isBatch(composed.client, id);
    if (!ofBatch) await requireKnowable(composed, id);
    if (!flags.yes && !(await confirmed(id))) throw new CliError("invalid_options", EXIT.usage, `Nothing was deleted. What ${id} did and answered would be gone for good: say --yes.`);
    const told = await (ofBatch ? removeBatch : removeRun)(composed, id);
    display[Symbol.dispose]();
    if (flags.json) printJson(told.document);
    else printLine(told.line);
    return EXIT.answered;
  } finally {
    await composed.close();
  }
}

interface Told {
  readonly document: object;
  readonly line: string;
}

async function removeRun({ client, inventory, hasNoServer }: Composed, workflowId: string): Promise<Told> {
  const deleted = await deleteRun(client, inventory, workflowId, { askServer: !(await hasNoServer()) });
  return { document: deleted, line: `${workflowId} is deleted${withChildren(deleted.children.length)} (${amount(deleted)}).` };
}

async function removeBatch({ client, inventory, hasNoServer }: Composed, batchId: string): Promise<Told> {
  const deleted = await deleteBatch(client, inventory, batchId, { askServer: !(await hasNoServer()) });
  return { document: deleted, line: `The batch ${batchId} is deleted with its ${deleted.runs} runs (${amount(deleted)}).` };
}

function amount({ removed, replies }: Removed): string {
  return `${removed.blobs} blobs, ${formatBytes(removed.bytes + replies.bytes)}`;
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
