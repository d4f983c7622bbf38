import type { Command } from "commander";
import type { Finish } from "../program.js";
import { withExamples } from "./examples.js";
import { addLimitOptions } from "./limit-options.js";

/** `rlm batch …`. */
export function addBatchCommands(program: Command, finish: Finish): void {
  const batch = program.command("batch").summary("run a task on every row of a file").description("Runs a task on every row of a file, a durable run each. The same command again goes on where it was, whatever was killed.");
  withExamples(batch, ["rlm batch run reviews.jsonl -s \"review -> stars: int\" --out results.jsonl", "rlm batch status reviews"]);
  const run = batch
    .command("run <rows>")
    .summary("start a batch, or go on with it")
    .description("Runs the task on every row: one JSON object a line, a member for each input, and `id` where it has one; - reads stdin. The same command again does only what is missing.")
    .option("-s, --signature <text>", "the task, as in \"review -> stars: int\"")
    .option("--program <file>", "a saved program: JSON with signature and instructions")
    .option("--instructions <text>", "what to do, in words")
    .option("-i, --input <name=value>", "an input that all rows share, as for rlm run; repeatable", collect, [])
    .requiredOption("--out <file>", "results, one JSON line a row, as they come; errors go to FILE.errors.jsonl")
    .option("--id <id>", "id of the batch (default: from the task and --out)")
    .option("--job <name>", "name for runs of one kind; rlm ls --job finds them")
    .option("--model <name>", "root model (RLM_MODEL)")
    .option("--sub-model <name>", "model of the sub-calls (RLM_SUB_MODEL; default: the root model)")
    .option("--strategy <name>", "how to work: rlm, predict, chainOfThought", "rlm")
    .option("--setup <file>", "Python that is run once before the first turn of every row")
    .option("--tools <file>", "module that exports tools, functions that the model can call; hosted by this command, or by rlm worker --tools FILE")
    .option("--packages <where>", "Python packages for the sandbox: a directory of wheels, or DIRECTORY/A.whl,B.whl, or URL/A.whl#sha256=HEX,… (docs/packages.md; RLM_PACKAGES)")
    .option("--redact <pattern>", "regular expression: what matches in the inputs becomes [REDACTED] before it is stored; repeatable", collect, [])
    .option("--sink <where>", "deliver the summary when the batch closes, by the worker: file:PATH, webhook:URL[,secret-env=NAME], slack:NAME; repeatable", collect, [])
    .option("--concurrency <n>", "rows under way at once", "8")
    .option("--max-failures <n>", "failed rows after which no other is started (default: no limit)")
    .option("--total-llm-calls <n>", "sub-calls of all rows together (default: no limit)")
    .option("--budget-usd <amount>", "money for all rows together; needs prices in rlm.config.json (default: no limit)")
    .option("--detach", "start it, print its id and leave; rlm batch results writes the file later", false)
    .option("--json", "print the summary as JSON", false)
    .optionsGroup("Limits of a row:")
    .option("--row-budget-usd <amount>", "money for one row (default: an equal part of --budget-usd)");
  addLimitOptions(run).action((rows: string, flags) => finish(async () => (await import("../actions/batch-run.js")).batchRun(rows, flags)));
  withExamples(run, [
    "rlm batch run reviews.jsonl -s \"review -> stars: int, reason\" --out results.jsonl",
    "rlm batch run questions.jsonl -s \"logs, question -> answer\" -i logs=@big.log --out answers.jsonl --max-failures 20 --total-llm-calls 5000",
  ]);
  withExamples(
    batch.command("status <id>").summary("how far a batch is").description("Shows how far a batch is.").option("--json", "print as JSON", false)
      .action((id: string, flags) => finish(async () => (await import("../actions/batch-look.js")).batchShow(id, flags))),
    ["rlm batch status reviews", "rlm batch status reviews --json | jq .counts"],
  );
  withExamples(
    batch.command("results <id>").summary("write the results so far").description("Writes the results so far; the same files as rlm batch run, each row once.")
      .requiredOption("--out <file>", "results; errors go to FILE.errors.jsonl").option("--json", "print the summary as JSON", false)
      .action((id: string, flags) => finish(async () => (await import("../actions/batch-look.js")).batchResults(id, flags))),
    ["rlm batch results reviews --out results.jsonl"],
  );
  withExamples(
    batch.command("retry-failed <id>").summary("run the failed rows again").description("Runs the rows again that have failed, and waits for them.")
      .requiredOption("--out <file>", "results; errors go to FILE.errors.jsonl").option("--json", "print the summary as JSON", false).option("--detach", "start it and leave", false)
      .action((id: string, flags) => finish(async () => (await import("../actions/batch-retry.js")).batchRetry(id, flags))),
    ["rlm batch retry-failed reviews --out results.jsonl"],
  );
  withExamples(
    batch.command("cancel <id>").summary("cancel a batch").description("Cancels a batch and the rows that are under way; the same rlm batch run goes on later.").option("--json", "print as JSON", false)
      .action((id: string, flags) => finish(async () => (await import("../actions/batch-look.js")).batchCancel(id, flags))),
    ["rlm batch cancel reviews"],
  );
}

function collect(value: string, all: readonly string[]): readonly string[] {
  return [...all, value];
}
