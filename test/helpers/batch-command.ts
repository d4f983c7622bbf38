import { appendFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { TestCluster } from "./cluster.js";
import { clusterCli } from "./cluster-cli.js";
import type { RunningCli } from "./run-cli.js";

/** `rlm batch` against a cluster. Rows are asked for in one model call each; the answer is `<question>!`, unless the test says otherwise. */
export class BatchCommand {
  readonly rowsFile: string;
  readonly out: string;

  constructor(private readonly cluster: TestCluster, readonly id: string) {
    this.rowsFile = path.join(cluster.home, `${id}.jsonl`);
    this.out = path.join(cluster.home, `${id}.results.jsonl`);
  }

  async writeRows(count: number, row: (index: number) => object = (index) => ({ id: `row-${index}`, q: `question ${index}` })): Promise<void> {
    await writeFile(this.rowsFile, Array.from({ length: count }, (_, index) => `${JSON.stringify(row(index))}\n`).join(""));
  }

  addRow(row: object): Promise<void> {
    return appendFile(this.rowsFile, `${JSON.stringify(row)}\n`);
  }

  rlm(...args: readonly string[]): RunningCli {
    return clusterCli(this.cluster, args);
  }

  run(...more: readonly string[]): RunningCli {
    return this.rlm("batch", "run", this.rowsFile, "-s", "q -> answer", "--strategy", "predict", "--out", this.out, "--id", this.id, ...more);
  }

  /** Finished lines of the results, or of the errors. */
  async lines(file = this.out): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const text = await readFile(file, "utf8").catch(() => "");
    return text.split("\n").slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  get errors(): string {
    return this.out.replace(".jsonl", ".errors.jsonl");
  }
}
