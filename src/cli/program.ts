import { readFileSync } from "node:fs";
import { Command } from "commander";
import { nearestName } from "../core/nearest-name.js";
import { addBatchCommands } from "./commands/batch-commands.js";
import { addControlCommands } from "./commands/control-commands.js";
import { addDashboardCommand } from "./commands/dashboard-command.js";
import { addForkCommands } from "./commands/fork-commands.js";
import { withExamples } from "./commands/examples.js";
import { addRunCommand } from "./commands/run-command.js";
import { addScheduleCommands } from "./commands/schedule-commands.js";
import { addStoreCommands } from "./commands/store-commands.js";
import { addStackCommands } from "./commands/stack-commands.js";
import { addWatchingCommands } from "./commands/watching-commands.js";
import type { ExitCode } from "./exit-code.js";

/** Runs an action and takes its exit code; given by main.ts. */
export type Finish = (act: () => Promise<ExitCode>) => Promise<void>;

/** The commands and their options. Knows nothing of what they do: that is loaded when it is used. */
export function createProgram(finish: Finish): Command {
  const program = new Command("rlm")
    .description("Durable Recursive Language Models: tasks over inputs of any size, that survive any crash.")
    .version(packageVersion(), "-V, --version", "print the version")
    .showSuggestionAfterError()
    .exitOverride();
  addRunCommand(program, finish);
  addWatchingCommands(program, finish);
  addControlCommands(program, finish);
  addForkCommands(program, finish);
  addDashboardCommand(program, finish);
  addBatchCommands(program, finish);
  addScheduleCommands(program, finish);
  addStoreCommands(program, finish);
  addStackCommands(program, finish);
  withExamples(program, [
    "rlm run -s \"logs, question -> answer\" -i logs=@big.log -i question=\"What went wrong?\"",
    "rlm ls",
    "rlm run --help",
  ]);
  // Commander itself would complain about an option of the unknown command first.
  return program.on("command:*", ([name = ""]: string[]) => {
    const near = nearestName(name, program.commands.map((command) => command.name()));
    program.error(`error: unknown command '${name}'${near === null ? "" : `\n(Did you mean ${near}?)`}`);
  });
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as { version: string };
  return manifest.version;
}
