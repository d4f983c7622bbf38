import { forkRun, type ForkRequest } from "../../client/fork-run.js";
import { CliError } from "../cli-error.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { readLimitFlags, type LimitFlags } from "../run-limits-flags.js";
import { sandboxQueues } from "../../api/compose/sandbox-queues.js";
import { withRun } from "../with-run.js";

export interface ForkFlags extends LimitFlags {
  readonly json: boolean;
  readonly turn: string;
  readonly id?: string;
  readonly model?: string;
  readonly subModel?: string;
  readonly instructions?: string;
}

/** `rlm fork`: a new run from a turn of another; both stay. */
export async function fork(sourceId: string, flags: ForkFlags): Promise<ExitCode> {
  const { json, turn, id, model, subModel, instructions, ...limitFlags } = flags;
  if (!/^\d+$/.test(turn)) throw new CliError("invalid_options", EXIT.usage, `--turn is ${JSON.stringify(turn)}; it must be a turn's number, or 0 for the inputs only.`);
  const models = { ...(model !== undefined && { root: model }), ...(subModel !== undefined && { sub: subModel }) };
  const limits = readLimitFlags(limitFlags);
  return withRun(sourceId, json, async ({ client, env }, display) => {
    const request: ForkRequest = {
      turn: Number(turn), models, limits, queues: sandboxQueues(env),
      ...(id !== undefined && { workflowId: id }), ...(instructions !== undefined && { instructions }),
    };
    const { workflowId, how } = await forkRun(client, sourceId, request);
    display[Symbol.dispose]();
    if (json) printJson({ workflowId, forkedFrom: { workflowId: sourceId, turn: Number(turn) }, status: how === "finished" ? "finished" : "running" });
    else printLine(workflowId);
    return EXIT.answered;
  });
}
