import { stopStack } from "../../stack/stop-stack.js";
import { compose } from "../../api/compose/compose.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";

/** `rlm down`: stops the embedded stack. Open runs stay; they go on with the next command. */
export async function down({ json }: { readonly json: boolean }): Promise<ExitCode> {
  const { home } = await compose();
  const { stopped } = await stopStack(home);
  if (json) printJson({ home, stopped });
  else printLine(stopped ? "stopped; open runs go on when the stack is up again" : "nothing was running");
  return EXIT.answered;
}
