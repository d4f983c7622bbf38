import type { Command } from "commander";
import type { Finish } from "../program.js";
import { withExamples } from "./examples.js";

/** Commands that act on runs. */
export function addControlCommands(program: Command, finish: Finish): void {
  withExamples(
    program
      .command("cancel <id>")
      .summary("stop a run")
      .description("Stops a run. What it did stays readable: rlm trajectory.")
      .option("--json", "print as JSON", false)
      .action((id: string, flags) => finish(async () => (await import("../actions/cancel.js")).cancel(id, flags))),
    ["rlm cancel nightly-1"],
  );
  withExamples(
    program
      .command("retry <id>")
      .summary("make a blocked run try again now")
      .description("Makes a blocked run (wrong key, spent quota, full disk) try again now. On the embedded stack, with the key in your environment.")
      .option("--json", "print as JSON", false)
      .action((id: string, flags) => finish(async () => (await import("../actions/retry.js")).retry(id, flags))),
    ["OPENAI_API_KEY=sk-new rlm retry nightly-1"],
  );
}
