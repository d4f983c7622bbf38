import { ModelSetupError, type ModelSetupProblem } from "../api/compose/model-setup-error.js";
import { CliError } from "./cli-error.js";
import { EXIT, type ExitCode } from "./exit-code.js";

/** What a person or a program is told about an error. */
export interface ExplainedError {
  readonly code: string;
  readonly message: string;
  /** The cure, where it is not part of the message. */
  readonly hint: string | null;
  readonly exitCode: ExitCode;
}

/** By class name, so that a module that was never loaded need not be loaded to explain its errors. */
const EXIT_BY_NAME: Readonly<Record<string, ExitCode>> = {
  SignatureError: EXIT.usage,
  InputError: EXIT.usage,
  ToolDefinitionError: EXIT.usage,
  PackageError: EXIT.usage,
  ConfigError: EXIT.usage,
  RunOptionsError: EXIT.usage,
  TemporalConfigError: EXIT.usage,
  InvalidWorkflowIdError: EXIT.usage,
  InvalidLabelError: EXIT.usage,
  SinkSpecError: EXIT.usage,
  SourceError: EXIT.usage,
  BatchError: EXIT.usage,
  ScheduleError: EXIT.usage,
  RunIdTakenError: EXIT.usage,
  NotBlockedError: EXIT.usage,
  RunClosedError: EXIT.usage,
  ControlRefusedError: EXIT.usage,
  ForkError: EXIT.usage,
  RunNotFoundError: EXIT.notFound,
  BatchNotFoundError: EXIT.notFound,
  ScheduleNotFoundError: EXIT.notFound,
  TooManyRunsError: EXIT.stillRunning,
  RunOpenError: EXIT.usage,
  RemoteBindError: EXIT.usage,
  TokenFileError: EXIT.usage,
  DashboardPortError: EXIT.usage,
  TemporalUnreachableError: EXIT.unreachable,
  NamespaceNotFoundError: EXIT.unreachable,
  NoWorkerError: EXIT.unreachable,
  StackError: EXIT.unreachable,
};

const EXIT_BY_MODEL_PROBLEM: Readonly<Record<ModelSetupProblem, ExitCode>> = {
  no_model: EXIT.usage,
  unknown_price: EXIT.usage,
  unknown_model: EXIT.usage,
  credentials: EXIT.credentials,
  model_server_unreachable: EXIT.failed,
};

const GRPC_UNAVAILABLE = 14;
const GRPC_DEADLINE_EXCEEDED = 4;

/** Pure; never throws. */
export function explainError(error: unknown): ExplainedError {
  if (!(error instanceof Error)) return { code: "internal", message: String(error), hint: null, exitCode: EXIT.failed };
  const { message } = error;
  const hint = "hint" in error && typeof error.hint === "string" ? error.hint : null;
  if (error instanceof CliError) return { code: error.code, message, hint, exitCode: error.exitCode };
  if (error instanceof ModelSetupError) return { code: error.code, message, hint, exitCode: EXIT_BY_MODEL_PROBLEM[error.code] };
  const exitCode = EXIT_BY_NAME[error.name];
  if (exitCode !== undefined) return { code: codeOf(error), message, hint, exitCode };
  if (isServerGone(error)) {
    return { code: "temporal_unreachable", message: "The Temporal server does not answer any more.", hint: "Try again; the run itself is not lost.", exitCode: EXIT.unreachable };
  }
  return { code: codeOf(error), message, hint, exitCode: EXIT.failed };
}

function codeOf(error: Error): string {
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.name === "Error" ? "internal" : error.name.replace(/Error$/, "").replaceAll(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

function isServerGone(error: Error): boolean {
  for (let each: unknown = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    if ("code" in each && (each.code === GRPC_UNAVAILABLE || each.code === GRPC_DEADLINE_EXCEEDED)) return true;
  }
  return false;
}
