import type { Command } from "commander";
import type { Finish } from "../program.js";
import { withExamples } from "./examples.js";

/** Commands about the embedded stack, workers and this machine. */
export function addStackCommands(program: Command, finish: Finish): void {
  withExamples(
    program
      .command("up")
      .summary("start the embedded stack")
      .description("Starts the embedded stack (Temporal server and worker) in the background. Other commands do so by themselves.")
      .option("--packages <where>", "Python packages for the sandbox, as for rlm run")
      .option("--foreground", "stay in the foreground, for service managers", false)
      .option("--ui", "with Temporal's own web UI (it has no password)", false)
      .option("--dashboard", "with the dashboard; the stack then stays up until \"rlm down\"", false)
      .option("--json", "print as JSON", false)
      .action((flags) => finish(async () => (await import("../actions/up.js")).up(flags))),
    ["rlm up", "rlm up --dashboard", "rlm up --foreground --ui"],
  );
  withExamples(
    program
      .command("down")
      .summary("stop the embedded stack")
      .description("Stops the embedded stack. Open runs are kept and go on when it is up again.")
      .option("--json", "print as JSON", false)
      .action((flags) => finish(async () => (await import("../actions/down.js")).down(flags))),
    ["rlm down"],
  );
  withExamples(
    program
      .command("status")
      .summary("show the embedded stack")
      .description("Shows the embedded stack: processes, address, versions, open runs. Starts nothing.")
      .option("--json", "print as JSON", false)
      .action((flags) => finish(async () => (await import("../actions/status.js")).status(flags))),
    ["rlm status", "rlm status --json | jq .pids"],
  );
  withExamples(
    program
      .command("doctor")
      .summary("check what a run needs on this machine")
      .description("Checks what a run needs on this machine: Node, sandbox, store, Temporal, model server.")
      .option("--json", "print as JSON", false)
      .action((flags) => finish(async () => (await import("../actions/doctor.js")).doctor(flags))),
    ["rlm doctor"],
  );
  withExamples(
    program
      .command("worker")
      .summary("run a worker for a configured Temporal server")
      .description("Runs a worker for the configured Temporal server (TEMPORAL_ADDRESS) in the foreground.")
      .option("--roles <list>", "workflow, llm, repl; separated by commas (default: all)")
      .option("--tools <file>", "host the tools of this module instead, also for the embedded stack")
      .option("--metrics <address>", "serve metrics for Prometheus at PORT (this machine only) or ADDRESS:PORT")
      .option("--packages <where>", "Python packages for the sandbox, as for rlm run")
      .option("--max-sessions <n>", "live sandboxes at once (default: by memory)")
      .option("--deployment <name>", "take part in this deployment of Temporal's worker versioning; see docs/upgrades.md (default: TEMPORAL_DEPLOYMENT_NAME, else no versioning)")
      .option("--build-id <id>", "this worker's version in the deployment (default: TEMPORAL_WORKER_BUILD_ID, else from the program)")
      .action((flags) => finish(async () => (await import("../actions/worker.js")).worker(flags))),
    ["TEMPORAL_ADDRESS=temporal:7233 rlm worker", "TEMPORAL_ADDRESS=temporal:7233 rlm worker --roles repl --max-sessions 8", "TEMPORAL_ADDRESS=temporal:7233 rlm worker --deployment rlm"],
  );
}
