import { pino, type Logger } from "pino";
import { DefaultLogger, type LogLevel, type Logger as TemporalLogger } from "@temporalio/worker";

/** JSON lines on stderr. Never prompts, inputs, outputs or keys. */
export function createLogger(level: string, workerId: string): Logger {
  return pino({ level, base: { workerId } }, pino.destination({ fd: 2, sync: true }));
}

/** Temporal's own log lines, in the same stream. */
export function temporalLogger(logger: Logger): TemporalLogger {
  const log = logger.child({ component: "temporal" });
  const levels: Record<LogLevel, "trace" | "debug" | "info" | "warn" | "error"> = { TRACE: "trace", DEBUG: "debug", INFO: "info", WARN: "warn", ERROR: "error" };
  return new DefaultLogger("WARN", ({ level, message, meta }) => {
    const error: unknown = meta?.["error"];
    log[levels[level]]({ ...(error instanceof Error ? { error: error.message } : {}), workflowId: meta?.["workflowId"], activityType: meta?.["activityType"], name: meta?.["name"], stack: meta?.["stack"] }, message);
  });
}
