import path from "node:path";
import type { Manifest } from "../../core/manifest.js";
import { addUsage, NO_USAGE, type Usage } from "../../core/usage.js";
import type { RunSpec } from "../../core/run-spec.js";
import type { PlanRecord, TurnRecord } from "../../core/trajectory.js";
import { getRecord } from "../../journal/records.js";
import { parentOf } from "../read-manifest.js";
import { readTrajectory } from "../read-trajectory.js";
import type { RunClient } from "../run-client.js";
import { usageByModel, type UsageByModel } from "../usage-by-model.js";
import { DerivedIndex } from "./derived-index.js";

export interface DayCosts {
  /** `2026-01-31`, UTC; the day on which the runs closed. */
  readonly day: string;
  readonly model: string;
  readonly runs: number;
  readonly usage: Usage;
}

interface RunCosts {
  readonly day: string;
  /** `null`: a child run, whose usage is in its parent's. */
  readonly byModel: UsageByModel | null;
}

/** What closed runs used, by day and model. @param directory as for `RunIndex` */
export class CostIndex {
  readonly #index: DerivedIndex<RunCosts>;

  constructor(client: RunClient, directory: string) {
    this.#index = new DerivedIndex({
      store: client.store, file: path.join(directory, "run-costs.ndjson"), version: "run-costs-1",
      async derive(manifest) {
        return { day: new Date(manifest.closedAtMs).toISOString().slice(0, 10), byModel: parentOf(manifest) === null ? await costsOf(client, manifest) : null };
      },
    });
  }

  /** Newest day first, then by model. */
  async look(): Promise<readonly DayCosts[]> {
    const rows = new Map<string, DayCosts>();
    for (const { day, byModel } of (await this.#index.entries()).values()) {
      for (const [model, usage] of Object.entries(byModel ?? {})) {
        const { runs, usage: before } = rows.get(`${day} ${model}`) ?? { runs: 0, usage: NO_USAGE };
        rows.set(`${day} ${model}`, { day, model, runs: runs + 1, usage: addUsage(before, usage) });
      }
    }
    return [...rows.values()].sort((a, b) => (a.day === b.day ? a.model.localeCompare(b.model) : b.day.localeCompare(a.day)));
  }
}

/** A run of one model and no children is told by its manifest; others are read through. */
async function costsOf(client: RunClient, manifest: Manifest): Promise<UsageByModel> {
  const { store } = client;
  const { models, limits } = await getRecord<RunSpec>(store, manifest.specRef);
  if (manifest.trajectoryRef === null) return { [models.root]: manifest.usage };
  const one = new Set([models.root, models.sub, ...models.allowed]).size === 1 && limits.maxDepth === 0;
  if (!one) return usageByModel((await readTrajectory(client, manifest.workflowId)).turns, manifest.usage);
  const { planRef } = await getRecord<TurnRecord>(store, manifest.trajectoryRef);
  return { [(await getRecord<PlanRecord>(store, planRef)).model]: manifest.usage };
}
