import type { SandboxProcess } from "./sandbox-process.js";
import type { RestoreRequest, Session } from "./session.js";
import type { SessionDirectory } from "./session-directory.js";

export interface SandboxSessionOptions {
  readonly process: SandboxProcess;
  readonly directory: SessionDirectory;
  readonly memoryLimitBytes: number;
  /** How long after a cell's timeout the interpreter may take to stop by itself. */
  readonly graceMs: number;
  /** Starts another session; a fork is one. */
  readonly reopen: (request: RestoreRequest) => Promise<Session>;
}
