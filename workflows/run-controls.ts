import { ApplicationFailure, condition, defineUpdate, log, setCurrentDetails, setHandler, upsertMemo } from "@temporalio/workflow";
import { budgetFault, controlFault, steerFault } from "../src/core/check-control.js";
import {
  BUDGET_UPDATE, NO_CONTROL, PAUSE_UPDATE, RESUME_UPDATE, STEER_UPDATE,
  type BudgetRequest, type ControlAck, type ControlRequest, type ControlState, type SteerRequest,
} from "../src/core/control-wire.js";
import { FAILURE } from "../src/core/failure-types.js";
import type { RunLimits } from "../src/core/run-limits.js";
import type { RunState } from "../src/core/run-state.js";

const pauseUpdate = defineUpdate<ControlAck, [ControlRequest]>(PAUSE_UPDATE);
const resumeUpdate = defineUpdate<ControlAck, [ControlRequest]>(RESUME_UPDATE);
const steerUpdate = defineUpdate<ControlAck, [SteerRequest]>(STEER_UPDATE);
const budgetUpdate = defineUpdate<ControlAck, [BudgetRequest]>(BUDGET_UPDATE);

export interface ControlHooks {
  /** The run's state now, for the validators. */
  readonly state: () => RunState;
  /** The run that this one is a child of, or `null`. */
  readonly parentId: string | null;
  /** The limits have changed: what waited for that looks again. */
  readonly onBudget: () => void;
  /** The run was paused by this request, or (`null`) goes on. */
  readonly onPause: (request: ControlRequest | null) => void;
  /** It begins to wait for `resume`, or ends. */
  readonly onWaiting: () => void;
}

/** What operators ask of a run while it is open. Handlers never wait: they note the request, and the loop heeds it before its next step. */
export class RunControls {
  #paused: ControlRequest | null;
  #steers: readonly SteerRequest[];
  #limits: RunLimits;
  #waiting: Promise<void> | null = null;

  constructor(carried: ControlState = NO_CONTROL, limits: RunLimits, private readonly hooks: ControlHooks) {
    this.#paused = carried.paused;
    this.#steers = carried.steers;
    this.#limits = limits;
    setHandler(pauseUpdate, (request) => this.pause(request), { validator: (request) => refuse(controlFault(request)) });
    setHandler(resumeUpdate, () => this.resume(), { validator: (request) => refuse(controlFault(request)) });
    setHandler(steerUpdate, (request) => this.#steer(request), { validator: (request) => refuse(steerFault(request, this.carried)) });
    setHandler(
      budgetUpdate,
      (request) => {
        this.#limits = { ...this.#limits, ...request.limits };
        hooks.onBudget();
        return { changed: true };
      },
      { validator: (request) => refuse(budgetFault(request, this.#limits, hooks.state(), hooks.parentId)) },
    );
  }

  /** As of now; carried over continue-as-new. */
  get carried(): ControlState {
    return { paused: this.#paused, steers: this.#steers };
  }

  get limits(): RunLimits {
    return this.#limits;
  }

  get paused(): ControlRequest | null {
    return this.#paused;
  }

  /** Messages for the next turn. */
  get steers(): readonly SteerRequest[] {
    return this.#steers;
  }

  /** The root model has seen the oldest `count` messages. */
  steersSeen(count: number): void {
    this.#steers = this.#steers.slice(count);
  }

  /** Waits while the run is paused; many may wait at once. */
  async whilePaused(): Promise<void> {
    if (this.#paused === null) return;
    this.#waiting ??= this.#waitForResume(this.#paused).finally(() => (this.#waiting = null));
    await this.#waiting;
  }

  async #waitForResume({ by, why }: ControlRequest): Promise<void> {
    log.info("run is paused");
    // `rlm ls` reads it there: no worker needs to be up.
    upsertMemo({ paused: this.#paused });
    this.hooks.onWaiting();
    setCurrentDetails(`**paused** by ${by}${why === null ? "" : `: ${why}`}\n\n\`rlm resume\` lets it go on.`);
    await condition(() => this.#paused === null);
    upsertMemo({ paused: null });
    this.hooks.onWaiting();
  }

  pause(request: ControlRequest): ControlAck {
    if (this.#paused !== null) return { changed: false };
    this.#paused = request;
    this.hooks.onPause(request);
    return { changed: true };
  }

  resume(): ControlAck {
    if (this.#paused === null) return { changed: false };
    this.#paused = null;
    this.hooks.onPause(null);
    return { changed: true };
  }

  #steer(request: SteerRequest): ControlAck {
    this.#steers = [...this.#steers, request];
    return { changed: true };
  }
}

function refuse(fault: string | null): void {
  if (fault !== null) throw ApplicationFailure.nonRetryable(fault, FAILURE.controlRefused);
}
