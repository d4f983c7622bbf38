import { CommanderError } from "commander";
import { EXIT, type ExitCode } from "./exit-code.js";
import { explainError } from "./explain-error.js";
import { terminalSafe } from "./output/terminal-safe.js";
import { createProgram } from "./program.js";

const json = process.argv.includes("--json");

/** `rlm`: parses, runs one action, turns its outcome into an exit code. All errors end here. */
async function main(): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.answered;
  const program = createProgram(async (act) => {
    exitCode = await act();
  });
  // Commander's own complaint is printed as all others are.
  for (const command of [program, ...program.commands]) command.exitOverride().configureOutput({ outputError: () => undefined });
  try {
    if (process.argv.length <= 2) program.outputHelp();
    else await program.parseAsync();
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.answered;
    const explained = error instanceof CommanderError ? explainUsage(error) : explainError(error);
    const { code, message, hint } = explained;
    if (json) process.stderr.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
    else process.stderr.write(`${terminalSafe(`rlm: ${message}${hint === null ? "" : `\n${hint}`}`)}\n`);
    if (process.env["RLM_DEBUG"] && error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`);
    return explained.exitCode;
  }
}

function explainUsage({ message }: CommanderError) {
  return { code: "usage", message: message.replace(/^error: /, ""), hint: "See rlm --help, or --help after a command.", exitCode: EXIT.usage };
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? EXIT.answered : EXIT.failed));

const exitCode = await main();
// What was printed must be out before the process ends; connections that are still open must not keep it.
process.stdout.write("", () => process.stderr.write("", () => process.exit(exitCode)));
