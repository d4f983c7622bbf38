import { condition, log, setCurrentDetails, upsertMemo } from "@temporalio/workflow";
import type { BlockedDetails } from "../src/core/failure-types.js";
import { blockedDetails } from "./failures.js";

/** A blocked run looks again by itself this often, for the case that nobody says `rlm retry`. */
const SLOW_RETRY = "10 minutes";
/** The store comes back without a person saying so. */
const STORE_RETRY = "15 seconds";

/** Waits at walls that a person can remove: wrong key, spent quota, full disk. Nothing is lost and nothing is repeated while it waits. */
export class BlockedGate {
  #blocked: BlockedDetails | null = null;
  #retries = 0;

  get blocked(): BlockedDetails | null {
    return this.#blocked;
  }

  /** `rlm retry`: everything that waits tries again now. */
  retry(): void {
    this.#retries += 1;
  }

  /** Runs `action` until it is not blocked any more. */
  async through<T>(action: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await action();
      } catch (error) {
        const details = blockedDetails(error);
        if (details === null) throw error;
        await this.wait(details);
      }
    }
  }

  async wait(details: BlockedDetails): Promise<void> {
    this.#blocked = details;
    const seen = this.#retries;
    log.warn("run is blocked", { kind: details.kind });
    // `rlm ls` and `rlm show` read it there: no worker needs to be up.
    upsertMemo({ blocked: details });
    setCurrentDetails(`**blocked** (${details.kind}): ${details.message.slice(0, 300)}\n\nMend it, then \`rlm retry\`.`);
    await condition(() => this.#retries > seen, details.kind === "store" ? STORE_RETRY : SLOW_RETRY);
    this.#blocked = null;
    upsertMemo({ blocked: null });
  }
}
