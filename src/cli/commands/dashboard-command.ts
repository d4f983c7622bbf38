import { Option, type Command } from "commander";
import type { Finish } from "../program.js";
import { withExamples } from "./examples.js";

export function addDashboardCommand(program: Command, finish: Finish): void {
  withExamples(
    program
      .command("dashboard")
      .summary("serve a web page that shows and controls runs")
      .description("Serves a web page that shows and controls runs, to this machine only, until it is stopped. Prints the link, which holds the token.")
      .option("--port <n>", "port to listen on; 0: any free one", "7425")
      .option("--host <address>", "address to listen on", "127.0.0.1")
      .option("--allow-remote", "with --host: let other machines reach it (put a proxy with TLS before it)", false)
      .option("--allow-host <name>", "a name that browsers reach it by, behind a proxy; repeatable", (name: string, before: readonly string[]) => [...before, name], [])
      .option("--json", "print the links as JSON", false)
      .addOption(new Option("--supervised", "by the embedded stack").hideHelp())
      .action((flags) => finish(async () => (await import("../actions/dashboard.js")).dashboard(flags))),
    ["rlm dashboard", "rlm dashboard --port 0 --json"],
  );
}
