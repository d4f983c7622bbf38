import { setTimeout as delay } from "node:timers/promises";
import { controlClient, ControlRefusedError } from "./control/control-client.js";
import { credentialsFromEnv, hasCredentials } from "./credentials.js";
import { StackError } from "./errors.js";
import { homePaths } from "./home.js";
import { isProcessAlive, ownProcessIdentity, type ProcessIdentity } from "./process/process-identity.js";
import { readStackState } from "./state-file.js";

export interface AttachedStack {
  /** `host:port` of the Temporal server. */
  readonly address: string;
  readonly namespace: string;
  /** Lets the stack leave before this process ends. Never throws. */
  release(): Promise<void>;
}

/** The stack has not said anything new for this long. Each of its own steps has a shorter limit, but for a Go build. */
const SILENCE_LIMIT_MS = 120_000;

/**
 * The running stack of `home`, ready, leased to this process and with the credentials of `env`. Null when there is
 * none: no state, a stale one, or one whose stack was leaving and has left by now.
 */
export async function attachToStack(home: string, env: NodeJS.ProcessEnv, onProgress: (line: string) => void): Promise<AttachedStack | null> {
  const state = readStackState(home);
  if (state === null || !isProcessAlive(state.stack)) return null;
  if ((await waitForStack(home, state.stack, onProgress)) === "ended") return null;
  const client = controlClient(state.socket);
  try {
    const { id } = await client.lease(ownProcessIdentity());
    const credentials = credentialsFromEnv(env);
    if (hasCredentials(credentials)) await client.offerCredentials(credentials);
    const { phase, address, namespace } = await client.status();
    if (phase === "ready" && address !== null) return { address, namespace, release: () => client.release(id).then(() => {}, () => {}) };
  } catch (error) {
    const leaving = error instanceof ControlRefusedError && error.status === 503;
    if (!leaving && isProcessAlive(state.stack)) {
      throw new StackError("stack_busy", `The stack of ${home} did not take this command: ${(error as Error).message}`,
        `Run "rlm status"; if it does not recover, "rlm down" and try again. Log: ${homePaths(home).stackLog}`, { cause: error });
    }
  }
  await waitForStack(home, state.stack, onProgress);
  return null;
}

/**
 * Waits until the stack process `stack` is ready, or has ended (a stack that is leaving is waited for to its end).
 *
 * @throws StackError `stack_failed` when it ended and left word why; `stack_busy` when it says nothing new for two minutes.
 */
export async function waitForStack(home: string, stack: ProcessIdentity, onProgress: (line: string) => void): Promise<"ready" | "ended"> {
  let lastStep = "";
  let quietSinceMs = Date.now();
  for (;;) {
    const state = readStackState(home);
    const own = state !== null && state.stack.pid === stack.pid && state.stack.startToken === stack.startToken ? state : null;
    const report = own === null ? null : await controlClient(own.socket).status().catch(() => null);
    if (report?.phase === "ready") return "ready";
    if (report !== null && report.step !== lastStep) {
      lastStep = report.step;
      quietSinceMs = Date.now();
      onProgress(report.step);
    }
    if (!isProcessAlive(stack)) {
      const failure = readFailure(home, stack);
      if (failure !== null) throw new StackError("stack_failed", failure.message, failure.hint);
      return "ended";
    }
    if (Date.now() - quietSinceMs > SILENCE_LIMIT_MS) {
      throw new StackError("stack_busy", `The stack of ${home} (pid ${stack.pid}) has been at "${lastStep || "its start"}" for ${SILENCE_LIMIT_MS / 1000} s.`,
        `Look into ${homePaths(home).stackLog}; "rlm down" ends it.`);
    }
    await delay(25);
  }
}

function readFailure(home: string, stack: ProcessIdentity): { message: string; hint: string } | null {
  const state = readStackState(home);
  return state?.stack.pid === stack.pid && state.stack.startToken === stack.startToken ? state.failure : null;
}
