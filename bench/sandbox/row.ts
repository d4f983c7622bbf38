/** One line of the sandbox's table. */
export interface SandboxRow {
  readonly measured: string;
  /** What the prototype reached on an idle machine. */
  readonly prototype: string;
  readonly reach: string;
  /** One a repetition. */
  readonly values: readonly number[];
  readonly unit: "ms" | "µs" | "MB";
  /** Ratio to something measured in the same run, and parts of the figure. */
  readonly detail: string;
}

export const MEGABYTE = 1e6;
