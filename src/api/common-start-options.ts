import type { RlmClient } from "./rlm-client.js";

/** What runs, batches and schedules are started with alike. */
export interface CommonStartOptions {
  /** Name for runs of one kind, to find them by (`rlm ls --job`). @default none; of a schedule its id */
  readonly job?: string;
  /** Where the result is delivered, by a worker: of a run when it closes, of a batch its summary, of a schedule each window's, where paths of files may hold parts of the window; written as for `--sink`. @default nowhere */
  readonly sinks?: readonly string[];
  /** More patterns, beside those of `redact` in `rlm.config.json`: what matches in the inputs becomes `[REDACTED]` before it is stored. */
  readonly redact?: readonly string[];
  /** In place of the program's own. */
  readonly client?: RlmClient;
  /** Something about the inputs that a person should know, e.g. bytes that are not UTF-8. @default a process warning */
  readonly onWarning?: (warning: string) => void;
}
