import { exitCodeOf, EXIT, type ExitCode } from "../exit-code.js";
import { followToEnd } from "../follow-to-end.js";
import { onInterrupt } from "../interrupt.js";
import { printJsonLine, printNote, printResult } from "../output/print.js";
import { withRun } from "../with-run.js";

export interface WatchFlags {
  readonly wait: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
}

/** `rlm watch`: what has happened and what happens, then the result. With `--json` one event a line, the result last. */
export async function watch(workflowId: string, { wait, json, verbose }: WatchFlags): Promise<ExitCode> {
  return withRun(workflowId, json, async ({ client }, display) => {
    const leaving = new AbortController();
    using _interrupt = onInterrupt(() => leaving.abort());
    const result = await followToEnd(client, {
      workflowId, display, verbose: verbose && !json, wait, signal: leaving.signal,
      onProgress: (event) => {
        if (json) printJsonLine(event);
      },
    });
    display[Symbol.dispose]();
    if (result === null) {
      printNote(`Stopped watching; the run goes on. rlm watch ${workflowId} follows it again.`);
      return EXIT.interrupted;
    }
    if (json) printJsonLine({ type: "result", result });
    else await printResult(result, { json: false });
    return exitCodeOf(result);
  });
}
