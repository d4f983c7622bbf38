import type { Command } from "commander";

/** Adds examples to a command's help; every command has some. */
export function withExamples(command: Command, lines: readonly string[]): Command {
  return command.addHelpText("after", `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}\n`);
}
