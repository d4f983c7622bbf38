import { Context } from "@temporalio/activity";
import type { CallRetries } from "../src/core/trajectory.js";
import { shortError } from "../src/runner/failed-tries.js";

/** Their messages hold neither prompts nor keys. */
const TELLING = new Set(["ModelCallError", "ToolAttemptError"]);

/** Left with the server by a try that fails. */
interface Word {
  readonly lastError: string;
}

/** Runs a try of calls. It is told how the tries before it failed, and leaves word for the next, which may be made in another process. */
export async function tellingTries<T>(body: (earlier: CallRetries) => Promise<T>): Promise<T> {
  const context = Context.current();
  const { attempt, heartbeatDetails } = context.info;
  const { lastError = null } = (heartbeatDetails ?? {}) as Partial<Word>;
  try {
    return await body({ count: attempt - 1, lastError });
  } catch (error) {
    if (error instanceof Error && TELLING.has(error.name)) context.heartbeat({ lastError: shortError(error.message) } satisfies Word);
    throw error;
  }
}
