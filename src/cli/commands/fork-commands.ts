import type { Command } from "commander";
import type { Finish } from "../program.js";
import { withExamples } from "./examples.js";

/** Commands that make runs of runs, and compare them. */
export function addForkCommands(program: Command, finish: Finish): void {
  withExamples(
    program
      .command("fork <id>")
      .summary("start a new run from a turn of another")
      .description("Starts a new run from the state after a turn of another, open or closed; both stay. What was spent up to that turn counts in the fork, too. Prints the new id.")
      .requiredOption("--turn <k>", "start from the state after this turn; 0: from the inputs only")
      .option("--id <id>", "id of the new run")
      .option("--model <name>", "another root model")
      .option("--sub-model <name>", "another model for the sub-calls")
      .option("--instructions <text>", "other instructions")
      .option("--max-iterations <n>", "turns, those of the source included")
      .option("--max-llm-calls <n>", "sub-calls, those of the source included")
      .option("--max-output-chars <n>", "characters of a turn's output that the model sees")
      .option("--max-tokens <n>", "tokens of the whole run, or none")
      .option("--budget-usd <amount>", "money for the whole run, or none")
      .option("--timeout <duration>", "time from the fork on, or none")
      .option("--on-limit <what>", "at a reached limit: extract or wait")
      .option("--json", "print as JSON", false)
      .action((id: string, flags) => finish(async () => (await import("../actions/fork.js")).fork(id, flags))),
    ["rlm fork nightly-1 --turn 3 --model gpt-5 --max-iterations 20"],
  );
  withExamples(
    program
      .command("diff <a> <b>")
      .summary("how two runs differ")
      .description("Shows what two runs were asked differently, from which turn on they differ, and how each ended.")
      .option("--json", "print as JSON", false)
      .action((a: string, b: string, flags) => finish(async () => (await import("../actions/diff.js")).diff(a, b, flags))),
    ["rlm diff nightly-1 nightly-1-fork"],
  );
}
