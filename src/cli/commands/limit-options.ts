import type { Command } from "commander";

/** Limits of one run; money is told by each command itself. */
export function addLimitOptions(command: Command): Command {
  return command
    .option("--max-iterations <n>", "turns (default: 10)")
    .option("--max-llm-calls <n>", "sub-calls (default: 50)")
    .option("--max-tool-calls <n>", "calls to the tools of --tools (default: 1000)")
    .option("--max-output-chars <n>", "characters of a turn's output that the model sees (default: 10000)")
    .option("--max-tokens <n>", "tokens of the whole run (default: no limit)")
    .option("--timeout <duration>", "time for the whole run, as in 10m (default: no limit)")
    .option("--cell-timeout <duration>", "Python time of one turn (default: 60s)")
    .option("--memory-limit <size>", "memory of the sandbox (default: 2GiB)")
    .option("--lazy-text-above <size>", "texts that would take more memory stay in their file (default: 1GB)")
    .option("--max-concurrency <n>", "model calls in flight at once (default: 64)")
    .option("--max-depth <n>", "how deep child runs (rlm_query) may nest (default: 0, none)")
    .option("--on-limit <what>", "at a reached limit: extract, a degraded answer from what was found; wait, until rlm budget raises it (default: extract)");
}
