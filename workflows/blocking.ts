import { CancellationScope, condition, isCancellation, log, setCurrentDetails, upsertMemo } from "@temporalio/workflow";
import type { ChildBlocked } from "../src/core/child-wire.js";
import type { BlockedDetails } from "../src/core/failure-types.js";
import { blockedPauseMs } from "../src/core/pauses.js";
import { blockedDetails } from "./failures.js";
import { workerOf } from "./worker-presence.js";

/** Waits at walls that a person can remove: wrong key, spent quota, full disk. Nothing is lost and nothing is repeated while it waits. */
export class BlockedGate {
  #blocked: BlockedDetails | null = null;
  #inARow = 0;
  #lastKind: BlockedDetails["kind"] | null = null;
  #retries = 0;
  #waiting: Promise<void> | null = null;
  readonly #children = new Map<string, BlockedDetails>();

  /**
   * @param onChange told when the run, or a child of it, begins or ceases to wait
   * @param onEpisode told of the first wall after something went through, and of one of another kind
   */
  constructor(private readonly onChange: (blocked: BlockedDetails | null) => void = () => {}, private readonly onEpisode: (details: BlockedDetails) => Promise<void> = async () => {}) {}

  get blocked(): BlockedDetails | null {
    return this.#blocked ?? this.#children.values().next().value ?? null;
  }

  /** Number of `rlm retry` so far. Taken before a try, so that one said while the try is under way counts. */
  get retries(): number {
    return this.#retries;
  }

  /** A child run waits, or does not any more: so does, as people see it, this one. */
  childBlocked({ workflowId, details }: ChildBlocked): void {
    if (details === null) {
      if (!this.#children.delete(workflowId)) return;
    } else this.#children.set(workflowId, { ...details, message: `${details.message} (in child run ${workflowId})`.slice(0, 600) });
    this.#show();
  }

  /** `rlm retry`: look again now. */
  retry(): void {
    this.#retries += 1;
  }

  /** Something went through: the next wait is a short one again. */
  passed(): void {
    this.#inARow = 0;
    this.#lastKind = null;
  }

  /** Waits for `rlm retry` or for the time after which this kind of wall is looked at again. @param seenRetries as of before the failed try */
  async wait(details: BlockedDetails, seenRetries: number): Promise<void> {
    // Children that start and end side by side may stand before the same wall.
    this.#waiting ??= this.#waitAlone(details, seenRetries).finally(() => (this.#waiting = null));
    await this.#waiting;
  }

  async #waitAlone(details: BlockedDetails, seenRetries: number): Promise<void> {
    this.#blocked = details;
    this.#inARow += 1;
    log.warn("run is blocked", { kind: details.kind });
    this.#show();
    const isNew = details.kind !== this.#lastKind;
    this.#lastKind = details.kind;
    try {
      if (isNew) await this.onEpisode(details);
      const retried = (): boolean => this.#retries > seenRetries;
      if (details.queue !== undefined) await untilWorkerOr(retried, details.queue);
      else {
        const pauseMs = blockedPauseMs(details.kind, this.#inARow);
        await (pauseMs === null ? condition(retried) : condition(retried, pauseMs));
      }
    } finally {
      this.#blocked = null;
    }
    this.#show();
  }

  /** `rlm ls` and `rlm show` read it in the memo: no worker needs to be up. */
  #show(): void {
    const { blocked } = this;
    upsertMemo({ blocked });
    if (blocked !== null) setCurrentDetails(`**blocked** (${blocked.kind}): ${blocked.message.slice(0, 300)}\n\nMend it, then \`rlm retry\`.`);
    this.onChange(blocked);
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

/** A worker that comes ends the wait at once, without a word from anybody. */
async function untilWorkerOr(retried: () => boolean, queue: string): Promise<void> {
  const asking = new CancellationScope();
  const came = asking.run(() => workerOf(queue)).catch((error: unknown) => {
    if (!isCancellation(error)) throw error;
  });
  try {
    await Promise.race([came, condition(retried)]);
  } finally {
    asking.cancel();
  }
}
