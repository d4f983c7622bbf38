import type { Command } from "commander";
import type { Finish } from "../program.js";
import { withExamples } from "./examples.js";

/** Commands that act on runs. Actions are loaded when they are used: help must be quick. */
export function addControlCommands(program: Command, finish: Finish): void {
  const control = () => import("../actions/control.js");
  withExamples(
    withWhy(program.command("pause <id>"))
      .summary("stop a run before its next step")
      .description("Pauses a run: it finishes and keeps the model calls under way, and starts nothing new. Time spent paused does not count against --timeout.")
      .action((id: string, flags) => finish(async () => (await control()).pause(id, flags))),
    ["rlm pause nightly-1 --why \"quota is low\""],
  );
  withExamples(
    withWhy(program.command("resume <id>"))
      .summary("let a paused run go on")
      .description("Lets a paused run go on from where it stopped.")
      .action((id: string, flags) => finish(async () => (await control()).resume(id, flags))),
    ["rlm resume nightly-1"],
  );
  withExamples(
    withWhy(program.command("steer <id> <text>"))
      .summary("send the root model a message")
      .description("Sends the root model a message that it sees in its next turn. TEXT, @FILE, or @- for stdin; at most 32 KiB.")
      .action((id: string, text: string, flags) => finish(async () => (await control()).steer(id, text, flags))),
    ["rlm steer nightly-1 \"Leave the staging servers out.\""],
  );
  withExamples(
    withWhy(program.command("budget <id>"))
      .summary("change the limits of an open run")
      .description("Raises or lowers limits of an open run. One that is blocked at a limit (--on-limit wait) goes on. `none` lifts a limit.")
      .option("--max-iterations <n>", "turns")
      .option("--max-llm-calls <n>", "sub-calls")
      .option("--max-tokens <n>", "tokens of the whole run, or none")
      .option("--budget-usd <amount>", "money for the whole run, or none; needs known prices")
      .option("--timeout <duration>", "time for the whole run, as in 10m, or none")
      .option("--max-concurrency <n>", "model calls in flight at once")
      .option("--on-limit <what>", "at a reached limit: extract or wait")
      .action((id: string, flags) => finish(async () => (await control()).budget(id, flags))),
    ["rlm budget nightly-1 --max-llm-calls 500 --max-iterations 20"],
  );
  withExamples(
    withWhy(program.command("retry <id>"))
      .summary("make a blocked run try again now")
      .description("Makes a blocked run (wrong key, spent quota, full disk) try again now. On the embedded stack, with the key in your environment.")
      .action((id: string, flags) => finish(async () => (await import("../actions/retry.js")).retry(id, flags))),
    ["OPENAI_API_KEY=sk-new rlm retry nightly-1"],
  );
  withExamples(
    program
      .command("cancel <id>")
      .summary("stop a run for good")
      .description("Stops a run. What it did stays readable: rlm trajectory.")
      .option("--json", "print as JSON", false)
      .action((id: string, flags) => finish(async () => (await import("../actions/cancel.js")).cancel(id, flags))),
    ["rlm cancel nightly-1"],
  );
}

function withWhy(command: Command): Command {
  return command.option("--why <text>", "kept in the run's history, with who asked").option("--json", "print as JSON", false);
}
