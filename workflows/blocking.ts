import { condition, log, setCurrentDetails, upsertMemo } from "@temporalio/workflow";
import type { BlockedDetails } from "../src/core/failure-types.js";
import { blockedPauseMs } from "../src/core/pauses.js";
import { blockedDetails } from "./failures.js";

/** Waits at walls that a person can remove: wrong key, spent quota, full disk. Nothing is lost and nothing is repeated while it waits. */
export class BlockedGate {
  #blocked: BlockedDetails | null = null;
  #inARow = 0;
  #retries = 0;

  get blocked(): BlockedDetails | null {
    return this.#blocked;
  }

  /** Number of `rlm retry` so far. Taken before a try, so that one said while the try is under way counts. */
  get retries(): number {
    return this.#retries;
  }

  /** `rlm retry`: look again now. */
  retry(): void {
    this.#retries += 1;
  }

  /** Something went through: the next wait is a short one again. */
  passed(): void {
    this.#inARow = 0;
  }

  /** Waits for `rlm retry` or for the time after which this kind of wall is looked at again. @param seenRetries as of before the failed try */
  async wait(details: BlockedDetails, seenRetries: number): Promise<void> {
    this.#blocked = details;
    this.#inARow += 1;
    log.warn("run is blocked", { kind: details.kind });
    // `rlm ls` and `rlm show` read it there: no worker needs to be up.
    upsertMemo({ blocked: details });
    setCurrentDetails(`**blocked** (${details.kind}): ${details.message.slice(0, 300)}\n\nMend it, then \`rlm retry\`.`);
    try {
      const pauseMs = blockedPauseMs(details.kind, this.#inARow);
      const retried = (): boolean => this.#retries > seenRetries;
      await (pauseMs === null ? condition(retried) : condition(retried, pauseMs));
    } finally {
      this.#blocked = null;
    }
    upsertMemo({ blocked: null });
  }

  /** Repeats `action` until it is not blocked any more. For the end of a run only: the loop waits in one place of its own. */
  async through<T>(action: () => Promise<T>): Promise<T> {
    for (;;) {
      const seen = this.#retries;
      try {
        return await action();
      } catch (error) {
        const details = blockedDetails(error);
        if (details === null) throw error;
        await this.wait(details, seen);
      }
    }
  }
}
