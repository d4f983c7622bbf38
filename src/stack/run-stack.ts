import { startControlServer } from "./control/control-server.js";
import { controlSocketPath } from "./control/socket-path.js";
import { StackError } from "./errors.js";
import { homePaths } from "./home.js";
import { parseIdleMs } from "./idle-time.js";
import { untilIdle } from "./idle-watch.js";
import { endLeftovers } from "./leftovers.js";
import { compiledProgram } from "./package-files.js";
import { acquireLock } from "./process/exclusive-lock.js";
import { ownProcessIdentity } from "./process/process-identity.js";
import { Stack } from "./stack.js";
import { readStackState, removeStackState } from "./state-file.js";
import { findTemporalCli } from "./temporal-cli/find-temporal-cli.js";

export interface RunStackOptions {
  /** From `resolveHome`. */
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** One line per event, for a log or a terminal. */
  readonly log: (line: string) => void;
  /** @default false */
  readonly ui?: boolean;
  /** Called when server and worker are ready; a failure of it is logged. */
  readonly onReady?: () => Promise<void>;
  /** Program and arguments of the worker. @default this package's worker */
  readonly workerCommand?: readonly string[];
}

/** Another stack of the home may be on its way out: its lock is freed last. */
const LOCK_WAIT_MS = 2_000;

/**
 * Runs the embedded stack of a home in this process, until SIGTERM, SIGINT, SIGHUP, `stopStack` or idleness
 * (`RLM_STACK_IDLE`). Resolves when server and worker have ended. This is both the background process and
 * `rlm up --foreground`.
 *
 * @throws StackError `stack_busy` when the home's stack runs already; `stack_failed`, `temporal_cli_missing`,
 * `temporal_cli_unusable` when it cannot start (also left in the state file, for the command that waits).
 */
export async function runStack(options: RunStackOptions): Promise<void> {
  const { home } = options;
  const lock = await acquireLock(homePaths(home).daemonLockDir, LOCK_WAIT_MS);
  if (lock === null) {
    throw new StackError("stack_busy", `The stack of ${home} runs already (pid ${readStackState(home)?.stack.pid ?? "unknown"}).`,
      `Use it as it is ("rlm status"), or stop it with "rlm down" first.`);
  }
  try {
    await runLocked(options);
  } finally {
    await lock.release();
  }
}

async function runLocked({ home, env, log, ui = false, workerCommand, onReady }: RunStackOptions): Promise<void> {
  const previous = readStackState(home);
  if (previous !== null) await endLeftovers(previous.children);

  const stopping = new AbortController();
  const requestStop = (reason: string): void => stopping.abort(reason);
  const onSignal = (signal: NodeJS.Signals): void => requestStop(`got ${signal}`);
  for (const signal of SIGNALS) process.on(signal, onSignal);

  const socket = controlSocketPath(home);
  const stack = new Stack({
    home, env, socket, ui, log, requestStop,
    workerCommand: workerCommand ?? [process.execPath, compiledProgram("worker/main.js")],
  });
  stack.writeState();
  const closeControl = await startControlServer(socket, stack);
  let failed = false;
  try {
    const idleMs = parseIdleMs(env["RLM_STACK_IDLE"]);
    const stopped = new Promise<void>((resolve) => { stopping.signal.addEventListener("abort", () => resolve(), { once: true }); });
    await Promise.race([findTemporalCli({ home, env, onProgress: log }).then((cli) => stack.start(cli)), stopped]);
    if (!stopping.signal.aborted) onReady?.().catch((error: unknown) => log(String(error)));
    await untilIdle(idleMs, () => stack.isBusy(), stopping.signal);
  } catch (error) {
    failed = !stopping.signal.aborted;
    if (failed) throw reportFailure(stack, home, error);
  } finally {
    await stack.end(stopping.signal.aborted ? String(stopping.signal.reason) : failed ? "it could not start" : "nothing to do");
    await closeControl();
    if (!failed) removeStackState(home, ownProcessIdentity());
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  }
}

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

function reportFailure(stack: Stack, home: string, error: unknown): StackError {
  const { logDir } = homePaths(home);
  const failure = error instanceof StackError ? error : new StackError("stack_failed",
    `The embedded stack could not start: ${error instanceof Error ? error.message : String(error)}`,
    `Look into the logs in ${logDir}, and try "rlm doctor".`, { cause: error });
  stack.fail({ message: failure.message, hint: failure.hint });
  return failure;
}
