import type { Command } from "commander";
import type { Finish } from "../program.js";
import { withExamples } from "./examples.js";

/** Commands that look at runs. */
export function addWatchingCommands(program: Command, finish: Finish): void {
  withExamples(
    program
      .command("watch <id>")
      .summary("follow a run until it is closed")
      .description("Follows a run, from its start, until it is closed; prints its result.")
      .option("--no-wait", "stop at the end of what has happened so far (exit code 75 while it runs)")
      .option("--json", "one event a line as JSON; the result last", false)
      .option("--verbose", "show reasoning, code and output of every turn", false)
      .action((id: string, flags) => finish(async () => (await import("../actions/watch.js")).watch(id, flags))),
    ["rlm watch nightly-1 --verbose", "rlm watch nightly-1 --json | jq -r .type"],
  );
  withExamples(
    program
      .command("result <id>")
      .summary("print the result of a run; wait for it")
      .description("Prints the result of a run; waits for it.")
      .option("--no-wait", "print the state it is in (exit code 75 while it runs)")
      .option("--wait-timeout <duration>", "wait no longer than this (then exit code 124)")
      .option("--json", "print the result document as JSON", false)
      .option("--out <file>", "write the result document to a file, too")
      .action((id: string, flags) => finish(async () => (await import("../actions/result.js")).result(id, flags))),
    ["rlm result nightly-1", "rlm result nightly-1 --json --wait-timeout 10m"],
  );
  withExamples(
    program
      .command("show <id>")
      .summary("show where a run stands")
      .description("Shows what a run is, where it stands, and what it is waiting for.")
      .option("--json", "print as JSON", false)
      .action((id: string, flags) => finish(async () => (await import("../actions/show.js")).show(id, flags))),
    ["rlm show nightly-1", "rlm show nightly-1 --json"],
  );
  withExamples(
    program
      .command("trajectory <id>")
      .summary("print every turn of a run")
      .description("Prints every turn of a run: reasoning, code, output, model calls. Also while it runs.")
      .option("--json", "print as one JSON document", false)
      .action((id: string, flags) => finish(async () => (await import("../actions/trajectory.js")).trajectory(id, flags))),
    ["rlm trajectory nightly-1", "rlm trajectory nightly-1 --json | jq '.turns[].code'"],
  );
  withExamples(
    program
      .command("ls")
      .summary("list runs")
      .description("Lists runs, newest first.")
      .option("--status <names>", "only these: running, paused, blocked, answered, degraded, failed, cancelled; several by commas")
      .option("--job <name>", "only runs of this job (rlm run --job)")
      .option("--model <name>", "only runs of this root model")
      .option("--batch <id>", "only rows of this batch")
      .option("--root <id>", "the child runs below this run")
      .option("--since <when>", "started since then: 2h, 7d, or a date")
      .option("--text <text>", "with this text in id, job or signature")
      .option("--limit <n>", "how many", "50")
      .option("--count", "print how many there are, by status", false)
      .option("--json", "print as JSON", false)
      .action((flags) => finish(async () => (await import("../actions/list.js")).list(flags))),
    ["rlm ls", "rlm ls --status blocked,failed --since 24h", "rlm ls --job nightly --count --json"],
  );
}
