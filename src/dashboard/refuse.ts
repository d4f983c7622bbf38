import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import type { ApiError } from "./wire.js";

/** An answer that says no: a code for programs, a sentence with the cure for people. */
export function refuse(c: Context, status: ContentfulStatusCode, code: string, message: string): Response {
  return c.json({ error: { code, message } } satisfies ApiError, status);
}

/** By class name: the classes live in modules of which some are loaded late. */
const STATUS_BY_NAME: Readonly<Record<string, ContentfulStatusCode>> = {
  RunNotFoundError: 404, ScheduleNotFoundError: 404, BatchNotFoundError: 404,
  RunClosedError: 409, ControlRefusedError: 409, NotBlockedError: 409, ForkError: 409, RunIdTakenError: 409, RunOpenError: 409,
  SignatureError: 400, InputError: 400, RunOptionsError: 400, InvalidWorkflowIdError: 400, ModelSetupError: 400, ConfigError: 400, ScheduleError: 400, BatchError: 409,
  TemporalUnreachableError: 503, NamespaceNotFoundError: 503, NoWorkerError: 503, StackError: 503, StoreUnavailableError: 503,
};

const GRPC_UNAVAILABLE = 14;
const GRPC_DEADLINE_EXCEEDED = 4;

/** An error of the client side as an answer. What is not known keeps its details: they might tell of this machine. */
export function answerError(c: Context, error: unknown, log: (line: string) => void): Response {
  if (error instanceof z.ZodError) return refuse(c, 400, "invalid_request", error.issues.map(({ path, message }) => `${path.join(".") || "The request"}: ${message}`).join("; "));
  if (error instanceof SyntaxError) return refuse(c, 400, "invalid_request", "The request is not JSON.");
  const known = error instanceof Error ? STATUS_BY_NAME[error.name] : undefined;
  if (error instanceof Error && known !== undefined) {
    const hint = "hint" in error && typeof error.hint === "string" ? ` ${error.hint}` : "";
    return refuse(c, known, "code" in error && typeof error.code === "string" ? error.code : "refused", `${error.message}${hint}`);
  }
  if (isServerGone(error)) return refuse(c, 503, "temporal_unreachable", "The Temporal server does not answer. Runs are not lost; try again, or see `rlm doctor`.");
  log(`Unforeseen error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return refuse(c, 500, "internal", "Something unforeseen went wrong. The dashboard's own output tells more.");
}

function isServerGone(error: unknown): boolean {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    if ("code" in each && (each.code === GRPC_UNAVAILABLE || each.code === GRPC_DEADLINE_EXCEEDED)) return true;
  }
  return false;
}
