import { cancelRun } from "../client/cancel-run.js";
import { changeBudget, pauseRun, resumeRun, steerRun } from "../client/control-run.js";
import { forkRun, type ForkRequest } from "../client/fork-run.js";
import { readResult, waitForResult } from "../client/read-result.js";
import { readTrajectory } from "../client/read-trajectory.js";
import { requester } from "../client/requester.js";
import { retryRun } from "../client/retry-run.js";
import type { RunClient } from "../client/run-client.js";
import type { TrajectoryTurn } from "../client/trajectory-document.js";
import type { BudgetChange, ControlAck } from "../core/control-wire.js";
import type { ResultDocument } from "../core/result.js";
import type { RunProgress } from "../core/run-progress.js";
import type { StandardSchema } from "../signature/standard-schema.js";
import { requireKnowable } from "./compose/require-knowable.js";
import type { RlmClient } from "./rlm-client.js";
import { toRunResult, type RunResult } from "./run-result.js";
import { watchRun } from "./watch-run.js";

export interface WaitOptions {
  /** Ends the wait; the run goes on. */
  readonly signal?: AbortSignal;
}

/** Why something is asked of a run; kept in its history. */
export interface ControlOptions {
  readonly why?: string;
}

export type ForkOptions = Omit<ForkRequest, "queues" | "workflowId"> & { /** Id of the new run. */ readonly id?: string };

/** A run, wherever it was started and by whom. Needs no worker to be read. */
export class RunHandle<Outputs> {
  constructor(
    readonly workflowId: string,
    private readonly client: RlmClient,
    private readonly outputSchemas: Readonly<Record<string, StandardSchema>>,
  ) {}

  /**
   * Waits until the run is closed.
   * @throws RunFailedError, RunCancelledError, OutputsRefusedError, RunNotFoundError; the signal's reason
   */
  async result({ signal }: WaitOptions = {}): Promise<RunResult<Outputs>> {
    const document = await waitForResult(await this.#runs(), this.workflowId, signal);
    return toRunResult<Outputs>(document, this.outputSchemas, () => this.trajectory());
  }

  /**
   * Every event from the run's start on, until it is closed. Leaving the loop, or `signal`, ends the watching only.
   * @throws RunNotFoundError
   */
  async *watch({ signal }: WaitOptions = {}): AsyncGenerator<RunProgress> {
    yield* watchRun(await this.#runs(), this.workflowId, signal);
  }

  /**
   * How it stands now: status, turns, calls, usage; outputs once it is closed.
   * @throws RunNotFoundError
   */
  async status(): Promise<ResultDocument> {
    return readResult(await this.#runs(), this.workflowId);
  }

  /** What the model said and did, turn by turn; of a run that is open, failed or cancelled, too. */
  async trajectory(): Promise<readonly TrajectoryTurn[]> {
    return (await readTrajectory(await this.#runs(), this.workflowId)).turns;
  }

  /** Stops it before its next step; calls under way are finished and kept. */
  async pause(options: ControlOptions = {}): Promise<ControlAck> {
    return pauseRun(await this.#runs(), this.workflowId, requester(options.why));
  }

  /** Lets a paused run go on. */
  async resume(options: ControlOptions = {}): Promise<ControlAck> {
    return resumeRun(await this.#runs(), this.workflowId, requester(options.why));
  }

  /** Sends the model a message that it sees in its next turn. */
  async steer(message: string, options: ControlOptions = {}): Promise<ControlAck> {
    return steerRun(await this.#runs(), this.workflowId, message, requester(options.why));
  }

  /** Changes limits of the open run; one that waits at a limit goes on. */
  async budget(limits: BudgetChange, options: ControlOptions = {}): Promise<ControlAck> {
    return changeBudget(await this.#runs(), this.workflowId, limits, requester(options.why));
  }

  /** Lets a blocked run try again now. */
  async retry(options: ControlOptions = {}): Promise<void> {
    return retryRun(await this.#runs(), this.workflowId, requester(options.why));
  }

  /** Stops it for good; `false`: it was closed already. */
  async cancel(): Promise<boolean> {
    return cancelRun(await this.#runs(), this.workflowId);
  }

  /** A new run that goes on from the state after one of this run's turns; both stay. */
  async fork({ id, ...options }: ForkOptions): Promise<RunHandle<Outputs>> {
    const forked = await forkRun(await this.#runs(), this.workflowId, { ...options, queues: this.client.queues, ...(id !== undefined && { workflowId: id }) });
    return new RunHandle(forked.workflowId, this.client, this.outputSchemas);
  }

  async #runs(): Promise<RunClient> {
    await requireKnowable(this.client.composed, this.workflowId);
    return this.client.runs;
  }
}
