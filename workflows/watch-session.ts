import { CancellationScope, sleep } from "@temporalio/workflow";
import { WATCH_SESSION_AFTER_MS } from "../src/core/pauses.js";
import type { RunState } from "../src/core/run-state.js";
import { sessionLoss, type SessionLoss } from "./failures.js";
import type { Driver } from "./perform.js";

/**
 * Makes the calls of a suspension. When they take long, the parked session is watched meanwhile: a worker that dies takes both with it, and a loss that is
 * known when the calls are through need not be waited for again (7.2 s from the kill to the living session without, 4 to 5 with).
 */
export async function whileWatching<T>(driver: Driver, { sessionQueue, epoch }: RunState, calls: () => Promise<T>): Promise<{ readonly made: T; readonly lost: SessionLoss | null }> {
  let lost: SessionLoss | null = null;
  const watching = new CancellationScope();
  if (sessionQueue !== null) {
    void watching
      .run(async () => {
        await sleep(WATCH_SESSION_AFTER_MS);
        await driver.proxies.sessionWatch(sessionQueue).watchSession({ run: driver.run, epoch });
      })
      .catch((error: unknown) => (lost = sessionLoss(error)));
  }
  try {
    return { made: await calls(), lost };
  } finally {
    watching.cancel();
  }
}
