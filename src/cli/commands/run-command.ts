import { Option, type Command } from "commander";
import { STRATEGIES } from "../../core/strategy.js";
import type { Finish } from "../program.js";
import { withExamples } from "./examples.js";
import { addLimitOptions } from "./limit-options.js";

/** `rlm run`. Actions are loaded when they are used: help must be quick. */
export function addRunCommand(program: Command, finish: Finish): void {
  const command = program
    .command("run")
    .summary("run a signature on inputs and print the answer")
    .description("Runs a task: the inputs become Python variables, a model writes code over them turn by turn, and the outputs are printed. The run is durable: it goes on whatever is killed.")
    .option("-s, --signature <text>", "the task, as in \"logs, question -> answer: str\"")
    .option("--program <file>", "a saved program: JSON with signature and instructions")
    .option("-i, --input <name=value>", "an input: NAME=TEXT, NAME=@FILE, NAME=@DIRECTORY or NAME=@'*.log' (dict of texts), NAME=@https://…, NAME=@- (stdin), NAME=@b:FILE (bytes), NAME:=JSON; repeatable", collect, [])
    .option("--inputs <file>", "all inputs as one JSON object")
    .option("--setup <file>", "Python that is run once before the first turn: helper functions and constants")
    .option("--packages <where>", "Python packages for the sandbox: a directory of wheels, or DIRECTORY/A.whl,B.whl, or URL/A.whl#sha256=HEX,… (docs/packages.md; RLM_PACKAGES)")
    .option("--tools <file>", "module that exports tools, functions that the model can call; hosted by this command, or by rlm worker --tools FILE")
    .option("--instructions <text>", "what to do, in words")
    .addOption(new Option("--strategy <name>", "how to work: rlm, a REPL over inputs of any size; predict or chainOfThought, one call with the inputs in the prompt; react, tools").choices(STRATEGIES).default("rlm"))
    .option("--model <name>", "root model (RLM_MODEL)")
    .option("--sub-model <name>", "model of the sub-calls (RLM_SUB_MODEL; default: the root model)")
    .option("--id <id>", "id of the run; the same id again attaches to it, or prints its result")
    .option("--job <name>", "name for runs of one kind; rlm ls --job finds them")
    .option("--redact <pattern>", "regular expression: what matches in the inputs becomes [REDACTED] before it is stored; repeatable", collect, [])
    .option("--sink <where>", "deliver the result when the run closes, by the worker: file:PATH, webhook:URL[,secret-env=NAME], slack:NAME; repeatable", collect, [])
    .option("--detach", "print the id and leave", false)
    .option("--dry-run", "show the prompts, the limits and the worst-case cost, and start nothing", false)
    .option("--json", "print the result document as JSON", false)
    .option("--out <file>", "write the result document to a file, too")
    .option("--verbose", "show reasoning, code and output of every turn on stderr", false)
    .option("--cancel-on-interrupt", "Ctrl-C cancels the run instead of leaving it", false)
    .optionsGroup("Limits:")
    .option("--budget-usd <amount>", "money for the whole run; needs prices in rlm.config.json (default: no limit)");
  addLimitOptions(command)
    .action((flags) => finish(async () => (await import("../actions/run.js")).run(flags)));
  withExamples(command, [
    "rlm run -s \"logs, question -> answer\" -i logs=@big.log -i question=\"Which service failed first, and why?\"",
    "cat notes.txt | rlm run -s \"notes -> dates: list[str]\" -i notes=@- --json",
    "rlm run -s \"rows: list[dict], n: int -> top: list[str]\" -i rows:=@rows.json -i n=3 --model gpt-5 --sub-model gpt-5-mini",
    "rlm run -s \"logs -> summary\" -i logs=@big.log.gz --id nightly-1 --detach",
  ]);
}

function collect(value: string, all: readonly string[]): readonly string[] {
  return [...all, value];
}
