import type { ResultDocument } from "../core/result.js";

/** Exit codes of `rlm`; stable, listed in docs/cli-json.md. */
export const EXIT = {
  answered: 0,
  /** The run failed or was cancelled; the model server cannot be reached; anything unforeseen. */
  failed: 1,
  usage: 2,
  degraded: 3,
  credentials: 4,
  /** Temporal cannot be reached, or no worker answers. */
  unreachable: 5,
  notFound: 6,
  /** `--no-wait` and the run is not closed, or too many runs are open for another: try again later (EX_TEMPFAIL). */
  stillRunning: 75,
  /** A wait of `--wait-timeout` ended, or the run's own `--timeout` before any code ran. */
  timedOut: 124,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code of a command that reports a run. */
export function exitCodeOf({ status, reason }: Pick<ResultDocument, "status" | "reason">): ExitCode {
  switch (status) {
    case "answered":
      return EXIT.answered;
    case "degraded":
      return EXIT.degraded;
    case "failed":
      return reason?.includes("limit reached (timeout)") === true ? EXIT.timedOut : EXIT.failed;
    case "cancelled":
      return EXIT.failed;
    case "running":
    case "paused":
    case "blocked":
      return EXIT.stillRunning;
  }
}
