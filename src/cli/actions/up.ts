import { ensureStack } from "../../stack/ensure-stack.js";
import { runStack } from "../../stack/run-stack.js";
import { stackStatus } from "../../stack/stack-status.js";
import { compose } from "../../api/compose/compose.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine, printNote } from "../output/print.js";
import { ProgressDisplay } from "../output/progress-display.js";

export interface UpFlags {
  readonly foreground: boolean;
  readonly ui: boolean;
  readonly json: boolean;
}

/** `rlm up`: the embedded stack in the background, or with `--foreground` in this process until it is stopped. */
export async function up({ foreground, ui, json }: UpFlags): Promise<ExitCode> {
  const { home, env } = await compose();
  if (foreground) {
    await runStack({ home, env, ui, log: printNote });
    return EXIT.answered;
  }
  using display = new ProgressDisplay(process.stderr, json);
  const { started, release } = await ensureStack({ home, env, ui, onProgress: (line) => display.step(line) });
  await release();
  const status = await stackStatus(home);
  display[Symbol.dispose]();
  if (json) printJson(status);
  else printLine(`${started ? "started" : "up already"}: ${status.address ?? ""}${status.ui === null ? "" : `, UI at ${status.ui}`}`);
  return EXIT.answered;
}
