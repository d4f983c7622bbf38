import { totalmem } from "node:os";
import { DEFAULT_QUEUE_PREFIX } from "../src/core/queues.js";
import { loadToolsFile } from "../src/tools/load-tools-file.js";
import { toolQueueName } from "../src/tools/tool-queue.js";
import { resolveWorkerConfig } from "./config.js";
import { createWorker } from "./create-worker.js";
import { createLogger } from "./logger.js";
import { watchLoop } from "./loop-watch.js";
import { installRuntime } from "./telemetry/install-runtime.js";
import { exitWithParent } from "../src/stack/process/parent-watch.js";

/**
 * `node tool-main.js FILE [DIGEST]`: the worker that hosts the tools of a file. With a digest, a file that has changed since is refused: a run must
 * meet the tools that its model was told of.
 */
async function main(given: string | undefined, expectedDigest: string | undefined): Promise<void> {
  if (given === undefined) throw new Error("usage: tool-main FILE [DIGEST]");
  const logger = createLogger(process.env["RLM_LOG_LEVEL"] ?? "info", `tools-${process.pid}`);
  installRuntime(logger, resolveWorkerConfig(process.env, totalmem()).metrics);
  const { tools, digest } = await loadToolsFile(given);
  if (expectedDigest !== undefined && digest !== expectedDigest) {
    throw new Error(`${given} has changed since its tools were given to a run. Put the old file back for that run; new runs take the new one.`);
  }
  const toolQueue = toolQueueName(process.env["RLM_QUEUE_PREFIX"] || DEFAULT_QUEUE_PREFIX, digest);
  const worker = await createWorker({ roles: [], tools: watchLoop(tools), toolQueue });
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => worker.shutdown());
  if (process.env["RLM_EXIT_WITH_PARENT"] === "1") exitWithParent(() => process.exit(1));
  const running = worker.run();
  logger.info({ toolQueue, tools: tools.map(({ name }) => name) }, "polling");
  process.stdout.write(`${JSON.stringify({ ready: true, toolQueue })}\n`);
  await running;
}

main(process.argv[2], process.argv[3]).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
