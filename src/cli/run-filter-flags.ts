import type { RunFilter } from "../client/run-filter.js";
import type { RunStatus } from "../core/result.js";
import { parseDuration } from "../core/duration.js";
import { nearestName } from "../core/nearest-name.js";
import { CliError } from "./cli-error.js";
import { EXIT } from "./exit-code.js";

export interface FilterFlags {
  readonly status?: string;
  readonly job?: string;
  readonly model?: string;
  readonly batch?: string;
  readonly since?: string;
  readonly text?: string;
  readonly root?: string;
}

const STATUSES: readonly RunStatus[] = ["running", "paused", "blocked", "answered", "degraded", "failed", "cancelled"];

/** Filters of `rlm ls`. @throws CliError exit code 2 */
export function readRunFilter({ status, since, root, job, model, batch, text }: FilterFlags, nowMs: number): RunFilter {
  return {
    ...(status !== undefined && { status: status.split(",").map((name) => readStatus(name.trim())) }),
    ...(job !== undefined && { job }),
    ...(model !== undefined && { model }),
    ...(batch !== undefined && { batch }),
    ...(root !== undefined && { rootRun: root }),
    ...(text !== undefined && { text }),
    ...(since !== undefined && { sinceMs: readInstant(since, nowMs) }),
  };
}

function readStatus(name: string): RunStatus {
  const found = STATUSES.find((each) => each === name);
  if (found !== undefined) return found;
  const near = nearestName(name, STATUSES);
  throw new CliError("invalid_options", EXIT.usage, `--status: "${name}" is not a status.`, near === null ? `Statuses: ${STATUSES.join(", ")}; separate several by commas.` : `Did you mean ${near}?`);
}

/** `2h` ago, or a date. */
function readInstant(text: string, nowMs: number): number {
  const atMs = Date.parse(text);
  if (/^\d{4}-/.test(text) && !Number.isNaN(atMs)) return atMs;
  try {
    return nowMs - parseDuration(text);
  } catch {
    // Told below, with both ways.
  }
  throw new CliError("invalid_options", EXIT.usage, `--since is "${text}"; it is neither a duration nor a date.`, "Write --since 2h, --since 7d or --since 2026-01-31.");
}
