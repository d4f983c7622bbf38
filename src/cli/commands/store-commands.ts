import type { Command } from "commander";
import type { Finish } from "../program.js";
import { withExamples } from "./examples.js";

/** Commands about what the store keeps. */
export function addStoreCommands(program: Command, finish: Finish): void {
  withExamples(
    program
      .command("delete <id>")
      .summary("delete a closed run or batch and its data")
      .description("Deletes a closed run and its child runs, or a closed batch with the runs of its rows: results, trajectories, and the data that no other run uses.")
      .option("--yes", "do not ask", false)
      .option("--json", "print as JSON", false)
      .action((id: string, flags) => finish(async () => (await import("../actions/delete.js")).deleteOne(id, flags))),
    ["rlm delete nightly-1 --yes", "rlm delete reviews --yes"],
  );
  withExamples(
    program
      .command("gc")
      .summary("remove data that no run uses")
      .description("Removes data that no open run and no kept result uses. Safe while workers run.")
      .option("--dry-run", "tell what would be removed", false)
      .option("--grace <duration>", "keep what was written or used so recently", "24h")
      .option("--forget-namespace <id>", "first forget a Temporal namespace that is gone for good and had runs in this store")
      .option("--json", "print as JSON", false)
      .action((flags) => finish(async () => (await import("../actions/gc.js")).gc(flags))),
    ["rlm gc --dry-run", "rlm gc --grace 2h --json | jq .removed"],
  );
}
