import { totalmem } from "node:os";
import { Client } from "@temporalio/client";
import { NativeConnection } from "@temporalio/worker";
import { loadClientConnectConfig } from "@temporalio/envconfig";
import { resolveWorkerConfig } from "./config.js";
import { createServices } from "./create-services.js";
import { createWorkers } from "./create-workers.js";
import { createLogger } from "./logger.js";
import { installRuntime } from "./telemetry/install-runtime.js";
import { watchOpenRuns } from "./telemetry/open-runs.js";
import { startTelemetry } from "./telemetry/telemetry.js";
import { exitWithParent } from "../src/stack/process/parent-watch.js";

/** The worker process: settings from the environment, one JSON line on stdout when it polls, JSON logs on stderr. */
async function main(): Promise<void> {
  const config = resolveWorkerConfig(process.env, totalmem());
  const logger = createLogger(config.logLevel, config.workerId);
  const telemetry = await startTelemetry(config, logger, installRuntime(logger, config.metrics).metricMeter);
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const [connection, services] = await Promise.all([NativeConnection.connect(connectionOptions), createServices(config, logger, telemetry)]);
  const workers = await createWorkers(config, services, connection, namespace ?? "default");
  const { workflow } = new Client({ connection, namespace: namespace ?? "default" });
  const endOpenRuns = config.metrics === null ? null : watchOpenRuns(telemetry.meter, workflow, (error) => logger.warn({ error: String(error) }, "open runs cannot be counted for the metrics"));
  // Not waited for: the worker can work without, and a run that comes first takes the session that is being booted.
  if (config.roles.includes("repl")) services.pool.fill();

  const shutdown = (why: string): void => {
    logger.info({ why }, "shutting down");
    for (const worker of workers) if (worker.getState() === "RUNNING") worker.shutdown();
  };
  process.once("SIGTERM", () => shutdown("SIGTERM"));
  process.once("SIGINT", () => shutdown("SIGINT"));
  if (process.env["RLM_EXIT_WITH_PARENT"] === "1") {
    exitWithParent(() => {
      logger.warn("the process that started this worker is gone");
      process.exit(1);
    });
  }

  const running = Promise.all(workers.map((worker) => worker.run()));
  const { deployment } = config;
  if (deployment !== null) logger.info({ deployment }, `new runs come when this build is current: temporal worker deployment set-current-version --deployment-name ${deployment.name} --build-id ${deployment.buildId}`);
  logger.info({ roles: config.roles, isolation: services.factory.isolation, build: services.factory.buildId }, "polling");
  process.stdout.write(`${JSON.stringify({ ready: true, workerId: config.workerId, buildId: services.factory.buildId, isolation: services.factory.isolation, deployment })}\n`);
  await running;
  endOpenRuns?.();
  await services[Symbol.asyncDispose]();
  await telemetry.end();
  await connection.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
