/**
 * `durable-rlm`: typed tasks for a durable Recursive Language Model.
 *
 * - `rlm`, `predict`, `chainOfThought`, `react` make a program of a signature; `run` and `start` run it.
 * - `batch` runs a program on many rows; `schedule`, at set times.
 * - `signature`, `file`, `text`, `bytes`, `blob` state tasks and inputs.
 * - `tool` makes a function of yours that the model can call.
 * - `connect` and `attach` reach servers and runs.
 */
export { rlm } from "./rlm.js";
export { chainOfThought, predict, react } from "./direct.js";
export { batch } from "./batch.js";
export type { BatchHandle, BatchResult } from "./batch-handle.js";
export type { BatchOptions, BatchRow, BatchRows } from "./batch-options.js";
export { BatchError } from "../client/batch/batch-error.js";
export type { BatchStatus } from "../client/batch/batch-status.js";
export { schedule, type ScheduleOptions } from "./schedule.js";
export type { ScheduleHandle } from "./schedule-handle.js";
export { ScheduleError, ScheduleNotFoundError } from "../client/schedules/schedule-error.js";
export type { ScheduleDocument, WindowDocument } from "../client/schedules/schedule-document.js";
export type { Overlap, WindowOutcome } from "../core/schedule-wire.js";
export { signature } from "./signature.js";
export { file, text, bytes, blob, type InputData, type InputKind, type InputStream } from "./input-data.js";
export { attach, close, connect, type ConnectOptions, type RlmClient } from "./rlm-client.js";
export type { CommonStartOptions } from "./common-start-options.js";
export type { Program, RunCallOptions, StartOptions } from "./program.js";
export type { ProgramOptions } from "./program-options.js";
export type { GivenInputs } from "./given-inputs.js";
export type { ControlOptions, ForkOptions, RunHandle, WaitOptions } from "./run-handle.js";
export type { RunResult } from "./run-result.js";
export { OutputsRefusedError, RunCancelledError, RunFailedError } from "./run-errors.js";
export type { TypedSignature } from "../signature/typed-signature.js";
export type { InferSignature } from "../signature/typed/infer-signature.js";
export type { InputsOf, OutputsOf, SignatureObject, Task } from "../signature/typed/task-types.js";
export type { SignatureMistake } from "../signature/typed/signature-mistake.js";
export type { StandardSchema } from "../signature/standard-schema.js";
export { SignatureError } from "../signature/signature-error.js";
export { SignatureFieldError } from "../signature/field-error.js";
export { ModelSetupError } from "./compose/model-setup-error.js";
export { ConfigError } from "../config/config-error.js";
export { RunOptionsError, type RunOptions } from "../core/resolve-run-limits.js";
export {
  ControlRefusedError, ForkError, InputError, InvalidWorkflowIdError, NamespaceNotFoundError, NotBlockedError, NoWorkerError, RunClosedError, RunIdTakenError, RunNotFoundError,
  TemporalConfigError, TemporalUnreachableError,
} from "../client/errors.js";
export { InvalidLabelError } from "../client/labels.js";
export type { ResultDocument, RunStatus } from "../core/result.js";
export type { RunProgress } from "../core/run-progress.js";
export type { TrajectoryCall, TrajectoryTurn } from "../client/trajectory-document.js";
export type { BlobRef } from "../core/blob-ref.js";
export type { Usage } from "../core/usage.js";
export { tool } from "../tools/define-tool.js";
export { ToolDefinitionError } from "../tools/errors.js";
export type { Tool, ToolContext, ToolOptions, ToolRetry } from "../tools/tool.js";
