import type { ResultDocument } from "../core/result.js";
import type { TrajectoryTurn } from "../client/trajectory-document.js";
import { describeIssue, type StandardSchema } from "../signature/standard-schema.js";
import type { Usage } from "../core/usage.js";
import { usageByModel, type UsageByModel } from "../client/usage-by-model.js";
import { OutputsRefusedError, RunCancelledError, RunFailedError } from "./run-errors.js";

/** What a run gave. Field names are those of `rlm result --json`. */
export interface RunResult<Outputs> extends Omit<ResultDocument, "outputs" | "status" | "usage"> {
  readonly outputs: Outputs;
  /** `degraded`: made from the trajectory when a limit was reached, which `reason` names. */
  readonly status: "answered" | "degraded";
  readonly trajectory: readonly TrajectoryTurn[];
  /** Of all calls, and of those that each model answered. */
  readonly usage: Usage & { readonly byModel: UsageByModel };
}

/**
 * The result of a closed run.
 * @throws RunFailedError, RunCancelledError, OutputsRefusedError
 */
export async function toRunResult<Outputs>(document: ResultDocument, schemas: Readonly<Record<string, StandardSchema>>, readTurns: () => Promise<readonly TrajectoryTurn[]>): Promise<RunResult<Outputs>> {
  const { status, outputs } = document;
  if (status === "cancelled") throw new RunCancelledError(document);
  if ((status !== "answered" && status !== "degraded") || outputs === null) throw new RunFailedError(document);
  const checked = await checkBySchemas(document, outputs, schemas);
  const trajectory = await readTurns();
  const usage = { ...document.usage, byModel: usageByModel(trajectory, document.usage) };
  return { ...document, status, outputs: checked as Outputs, trajectory, usage };
}

/** Defaults, transformations and refinements of the program's own schemas. */
async function checkBySchemas(document: ResultDocument, outputs: Readonly<Record<string, unknown>>, schemas: Readonly<Record<string, StandardSchema>>): Promise<Record<string, unknown>> {
  const { checked, faults } = await applySchemas(outputs, schemas);
  if (faults.length > 0) throw new OutputsRefusedError(document, faults);
  return checked;
}

/** Outputs after the schemas of a program, and what these say against them. */
export async function applySchemas(outputs: Readonly<Record<string, unknown>>, schemas: Readonly<Record<string, StandardSchema>>): Promise<{ readonly checked: Record<string, unknown>; readonly faults: readonly string[] }> {
  const checked: Record<string, unknown> = { ...outputs };
  const faults: string[] = [];
  for (const [name, schema] of Object.entries(schemas)) {
    const result = await schema["~standard"].validate(outputs[name]);
    if (result.issues !== undefined) faults.push(...result.issues.map((issue) => describeIssue(name, issue)));
    else if (result.value !== undefined) checked[name] = result.value;
  }
  return { checked, faults };
}
