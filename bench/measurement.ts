import type { Cleanup } from "./setup/cleanup.js";
import type { Cluster } from "./setup/cluster.js";
import type { Sizes } from "./sizes.js";

/** One line of the table: a time, what it consists of, and what it is to reach. */
export interface Row {
  readonly measured: string;
  /** One a repetition. */
  readonly timesMs: readonly number[];
  /** Parts of the time, memory, counts: medians too. */
  readonly detail: string;
  /** Target of the project's plan; `null`: none was set. */
  readonly reach: string | null;
}

export interface Bench {
  readonly cluster: Cluster;
  /** Of this measurement: run when it is over. */
  readonly cleanup: Cleanup;
  readonly sizes: Sizes;
  readonly repeat: number;
  /** Progress, on stderr. */
  readonly say: (line: string) => void;
}

export interface Measurement {
  /** Name for `--only`. */
  readonly key: string;
  readonly title: string;
  readonly measure: (bench: Bench) => Promise<readonly Row[]>;
}

/** Makes a measurement `repeat` times, one after another. */
export async function repeated<T>({ repeat }: Pick<Bench, "repeat">, once: (repetition: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let repetition = 1; repetition <= repeat; repetition += 1) results.push(await once(repetition));
  return results;
}
