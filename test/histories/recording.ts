import { vi } from "vitest";
import type { ResultDocument } from "../../src/core/result.js";
import type { LedgerRow } from "../../src/testing/index.js";
import type { RunRequest, TestCluster } from "../helpers/cluster.js";
import type { TestWorker } from "../helpers/test-worker.js";

/** The parts of a recording: a cluster, and the worker that serves it. */
export interface Recording {
  readonly cluster: TestCluster;
  worker: TestWorker;
}

/** A run worth keeping the history of. `play` runs it under its name as workflow id and resolves with how it ended. */
export interface Scenario {
  readonly expected: Partial<ResultDocument>;
  play(recording: Recording, id: string): Promise<ResultDocument>;
}

/** Recorded by `npm run record-histories`; the name is that of the file and the workflow id. */
export type Scenarios = Readonly<Record<string, Scenario>>;

/** Calls of an activity each, under way at the same time. */
export const BATCH = "r = llm_query_batched([f'part {i}' for i in range(8)])\nSUBMIT(answer=r[0])";

const SOON = { timeout: 60_000, interval: 2 };

export const requestOf = (id: string, more: Partial<RunRequest> = {}): RunRequest => ({ id, signature: "q -> answer: str", inputs: { q: "?" }, ...more });

export const rows = ({ cluster }: Recording, rule: string): readonly LedgerRow[] => cluster.model.ledger().filter((row) => row.rule === rule);
export const answered = (recording: Recording, rule: string): number => rows(recording, rule).filter((row) => row.answered).length;
export const until = (condition: () => boolean | Promise<boolean>): Promise<boolean> => vi.waitUntil(condition, SOON);

/** SIGKILLs the worker when the condition holds, and starts another. */
export async function killWhen(recording: Recording, condition: () => boolean | Promise<boolean>): Promise<void> {
  await until(condition);
  await recording.worker.kill();
  recording.worker = await recording.cluster.startWorker();
}

/**
 * Lets no answer of an activity reach the server: it is frozen when the first condition holds, and the worker is killed when the second does. What the
 * worker had stored by then is in the store, and nobody has heard of it.
 */
export async function killUnheard(recording: Recording, freeze: () => boolean, kill: () => boolean | Promise<boolean>): Promise<void> {
  const { pid } = recording.cluster.temporal;
  await until(freeze);
  process.kill(pid, "SIGSTOP");
  try {
    await until(kill);
    await recording.worker.kill();
  } finally {
    process.kill(pid, "SIGCONT");
  }
  recording.worker = await recording.cluster.startWorker();
}
