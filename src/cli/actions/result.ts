import { parseDuration } from "../../core/duration.js";
import { readResult } from "../../client/read-result.js";
import { CliError } from "../cli-error.js";
import { EXIT, exitCodeOf, type ExitCode } from "../exit-code.js";
import { followToEnd } from "../follow-to-end.js";
import { onInterrupt } from "../interrupt.js";
import { printResult } from "../output/print.js";
import { withRun } from "../with-run.js";

export interface ResultFlags {
  readonly wait: boolean;
  readonly waitTimeout?: string;
  readonly json: boolean;
  readonly out?: string;
}

/** `rlm result`: waits until the run is closed, unless told not to. */
export async function result(workflowId: string, flags: ResultFlags): Promise<ExitCode> {
  const timeoutMs = flags.waitTimeout === undefined ? null : readWaitTimeout(flags.waitTimeout);
  return withRun(workflowId, flags.json, async ({ client }, display) => {
    const leaving = new AbortController();
    using _interrupt = onInterrupt(() => leaving.abort("interrupted"));
    const timer = timeoutMs === null ? null : setTimeout(() => leaving.abort("timeout"), timeoutMs);
    try {
      const document = flags.wait
        ? await followToEnd(client, { workflowId, display, verbose: false, wait: true, signal: leaving.signal })
        : await readResult(client, workflowId);
      display[Symbol.dispose]();
      if (document === null) return endedEarly(leaving.signal.reason, workflowId, timeoutMs ?? 0);
      await printResult(document, flags);
      return exitCodeOf(document);
    } finally {
      if (timer !== null) clearTimeout(timer);
    }
  });
}

function endedEarly(reason: unknown, workflowId: string, timeoutMs: number): ExitCode {
  if (reason === "interrupted") return EXIT.interrupted;
  throw new CliError("timed_out", EXIT.timedOut, `The run "${workflowId}" is not closed after ${timeoutMs / 1000} s.`, `It goes on. rlm result ${workflowId} waits again.`);
}

function readWaitTimeout(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new CliError("invalid_options", EXIT.usage, `--wait-timeout: ${error instanceof Error ? error.message : String(error)}`);
  }
}
