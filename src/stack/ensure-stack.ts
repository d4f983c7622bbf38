import { attachToStack, type AttachedStack } from "./attach-stack.js";
import { StackError } from "./errors.js";
import { homePaths } from "./home.js";
import { parseIdleMs } from "./idle-time.js";
import { acquireLock } from "./process/exclusive-lock.js";
import { parseSqliteSync } from "./server/dev-server-flags.js";
import { startStackProcess } from "./start-stack-process.js";
import { findTemporalCli } from "./temporal-cli/find-temporal-cli.js";

export interface EnsureStackOptions {
  /** From `resolveHome`. */
  readonly home: string;
  /** The command's environment; a stack that must be started gets it, credentials are handed to one that runs. */
  readonly env: NodeJS.ProcessEnv;
  /** Gets one plain line per step that takes time. */
  readonly onProgress?: (line: string) => void;
  /** Temporal's own web UI, for a stack that must be started. @default false */
  readonly ui?: boolean;
  /** Program and arguments of the worker. @default this package's worker */
  readonly workerCommand?: readonly string[];
}

export interface EnsuredStack extends AttachedStack {
  /** Whether this call started it. */
  readonly started: boolean;
}

/** Obtaining the Temporal CLI may take a Go build; everything else is seconds. */
const START_WAIT_MS = 45 * 60_000;
/** A stack can be found leaving, or be killed under our hands: how often to begin anew. */
const ATTEMPTS = 3;

/**
 * The embedded stack of `home`, ready for work: the one that runs, else a new background process. Calls at the same
 * time, in any processes, share one. The stack stays at least as long as this process lives, or until `release`.
 *
 * @throws StackError `stack_failed` (with the log's path), `stack_busy`, `temporal_cli_missing`, `temporal_cli_unusable`;
 * Error for an invalid `RLM_STACK_IDLE` or `RLM_SQLITE_SYNC`.
 */
export async function ensureStack(options: EnsureStackOptions): Promise<EnsuredStack> {
  const { home, env, onProgress = () => {} } = options;
  parseIdleMs(env["RLM_STACK_IDLE"]);
  parseSqliteSync(env["RLM_SQLITE_SYNC"]);

  const running = await attachToStack(home, env, onProgress);
  if (running !== null) return { ...running, started: false };

  const { startLockDir, stackLog } = homePaths(home);
  let lock = await acquireLock(startLockDir, 300);
  if (lock === null) {
    onProgress("Waiting for another command that is starting the stack");
    lock = await acquireLock(startLockDir, START_WAIT_MS);
  }
  if (lock === null) {
    throw new StackError("stack_busy", `Another command has been starting the stack of ${home} for ${START_WAIT_MS / 60_000} minutes.`,
      `End that command, and try again. Log: ${stackLog}`);
  }
  try {
    return await startLocked(options, onProgress);
  } finally {
    await lock.release();
  }
}

async function startLocked(options: EnsureStackOptions, onProgress: (line: string) => void): Promise<EnsuredStack> {
  const { home, env } = options;
  for (let attempt = 0; ; attempt++) {
    const found = await attachToStack(home, env, onProgress);
    if (found !== null) return { ...found, started: attempt > 0 };
    if (attempt === ATTEMPTS) break;
    // Here, and not only in the background process, so that a long download is seen on this terminal.
    const cli = await findTemporalCli({ home, env, onProgress });
    await startStackProcess({ ...options, env: { ...env, RLM_TEMPORAL_CLI: cli.path }, onProgress });
  }
  throw new StackError("stack_busy", `The stack of ${home} ended ${ATTEMPTS} times right after its start.`,
    `Look into ${homePaths(home).stackLog}, and try "rlm doctor".`);
}
