import { prepareInputs } from "../client/inputs/prepare-inputs.js";
import { startRun } from "../client/start-run.js";
import { requireWorkflowId } from "../client/workflow-id.js";
import type { Strategy } from "../core/strategy.js";
import { durableSinks } from "../sinks/durable-sinks.js";
import { formatSignature } from "../signature/format-signature.js";
import { Redaction } from "../sources/redaction.js";
import type { TypedSignature } from "../signature/typed-signature.js";
import type { CommonStartOptions } from "./common-start-options.js";
import { requireWorkingModels } from "./compose/require-working-models.js";
import { toGivenInputs, type GivenInputs } from "./given-inputs.js";
import { resolveProgramOptions, type ProgramOptions } from "./program-options.js";
import { sharedClient } from "./rlm-client.js";
import { runExtras, withToolQueue } from "./run-extras.js";
import { RunHandle } from "./run-handle.js";
import type { RunResult } from "./run-result.js";

export interface StartOptions extends CommonStartOptions {
  /** Id of the run. The same id again finds the run that has it; with other inputs or options it is refused. @default a new one, from the time */
  readonly id?: string;
}

export interface RunCallOptions extends StartOptions {
  /** Cancels the run. To leave it running, `start` it and give the signal to `result`. */
  readonly signal?: AbortSignal;
}

/** A task and how it is solved, ready to be run on inputs. Immutable. */
export class Program<Inputs extends object, Outputs extends object> {
  constructor(
    readonly strategy: Strategy,
    readonly signature: TypedSignature<Inputs, Outputs>,
    readonly options: ProgramOptions,
  ) {}

  /** The same task with other options; those not named stay. */
  with(options: ProgramOptions): Program<Inputs, Outputs> {
    return new Program(this.strategy, this.signature, { ...this.options, ...options });
  }

  /**
   * Runs the task on inputs and waits for the result.
   * @throws InputError, RunOptionsError, ModelSetupError before anything is started
   * @throws RunFailedError, RunCancelledError, OutputsRefusedError; the signal's reason
   */
  async run(inputs: GivenInputs<Inputs>, { signal, ...options }: RunCallOptions = {}): Promise<RunResult<Outputs>> {
    signal?.throwIfAborted();
    const handle = await this.start(inputs, options);
    const cancelled = (): Promise<unknown> => handle.cancel();
    if (signal?.aborted === true) await cancelled();
    try {
      return await handle.result(signal === undefined ? {} : { signal });
    } catch (error) {
      if (signal?.aborted === true) await cancelled();
      throw error;
    }
  }

  /**
   * Starts a run, or finds the one that has this id, and returns at once.
   * @throws InputError, RunOptionsError, ModelSetupError, InvalidWorkflowIdError before anything is started
   * @throws RunIdTakenError
   */
  async start(inputs: GivenInputs<Inputs>, { id, job, sinks: sinkTexts = [], redact = [], client: given, onWarning = warn }: StartOptions = {}): Promise<RunHandle<Outputs>> {
    if (id !== undefined) requireWorkflowId(id);
    const client = given ?? this.options.client ?? (await sharedClient());
    const sinks = durableSinks(sinkTexts);
    const redaction = Redaction.of([...client.composed.config.redact, ...redact]);
    const { spec: signature, schemas } = this.signature;
    const { models, limits } = resolveProgramOptions(this.options, client.composed.config, this.strategy);
    const prepared = await prepareInputs({ store: client.runs.store, signature, given: await toGivenInputs(this.signature, inputs), redaction });
    if (await client.composed.isEmbedded()) await requireWorkingModels(client.composed, models);
    for (const warning of prepared.warnings) onWarning(warning);
    const { workflowId } = await startRun(client.runs, {
      spec: { v: 1, signature, inputs: prepared.inputs, models, ...client.packages, limits, ...(this.strategy !== "rlm" && { strategy: this.strategy }), ...runExtras(this.options, signature) },
      signatureText: formatSignature(signature),
      queues: withToolQueue(client.queues, this.options),
      ...(id !== undefined && { workflowId: id }),
      ...(job !== undefined && { job }),
      sinks,
    });
    return new RunHandle(workflowId, client, schemas.outputs);
  }

  /** A run of this program by its id, wherever it was started; its outputs are typed. */
  async attach(workflowId: string): Promise<RunHandle<Outputs>> {
    return new RunHandle(workflowId, this.options.client ?? (await sharedClient()), this.signature.schemas.outputs);
  }
}

/** Where nobody else takes the warnings. */
export function warn(warning: string): void {
  process.emitWarning(warning, "RlmWarning");
}
