import { totalmem } from "node:os";
import { loadClientConnectConfig } from "@temporalio/envconfig";
import { NativeConnection, Runtime, type NativeConnectionOptions, type Worker } from "@temporalio/worker";
import { LocalBlobStore } from "../src/store/local-blob-store.js";
import { toolQueueOf } from "../src/tools/tool-queue.js";
import type { Tool } from "../src/tools/tool.js";
import { resolveWorkerConfig, type WorkerRole } from "./config.js";
import { createServices, type Services } from "./create-services.js";
import { createToolWorker } from "./create-tool-worker.js";
import { createWorkers, workerBase } from "./create-workers.js";
import { createPresenceWorker } from "./presence-worker.js";
import { createLogger } from "./logger.js";
import { startTelemetry } from "./telemetry/telemetry.js";

export interface CreateWorkerOptions {
  /** What this process does for runs; `[]`: it hosts tools only. @default all three */
  readonly roles?: readonly WorkerRole[];
  /** Functions of yours that runs may call. @default none */
  readonly tools?: readonly Tool[];
  /** Where the tools are hosted. @default the queue named by a digest of their descriptions, which is where `rlm(…, { tools })` looks for them */
  readonly toolQueue?: string;
  /** An open connection, or how to make one. @default as in Temporal's environment variables and configuration file */
  readonly connection?: NativeConnection | NativeConnectionOptions;
  /** @default that of Temporal's settings, else `default` */
  readonly namespace?: string;
  /** Directory of the home, which holds the blob store and the sandboxes' own directories. @default RLM_HOME */
  readonly home?: string;
  /** Further settings, as the variables that `rlm worker` reads (`OPENAI_API_KEY`, `RLM_STORE`, `RLM_MAX_SESSIONS`, …). @default process.env */
  readonly env?: NodeJS.ProcessEnv;
}

/** A worker in this process. */
export interface RlmWorker {
  /** The queue on which its tools are hosted; `null` without tools. */
  readonly toolQueue: string | null;
  /** The sandbox build whose runs it serves; `null` when it hosts tools only. */
  readonly buildId: string | null;
  /** Works until `shutdown` (or a signal that Temporal's runtime handles); then everything it opened is closed. Rejects when a worker fails. */
  run(): Promise<void>;
  /** Ends it in order. May be called at any time, and again. */
  shutdown(): void;
}

/**
 * A worker for RLM runs in a process of yours, with your tools.
 *
 * @throws Error settings that cannot be used, Temporal out of reach, no sandbox on this machine
 */
export async function createWorker(options: CreateWorkerOptions = {}): Promise<RlmWorker> {
  const env = { ...(options.env ?? process.env), ...(options.home !== undefined && { RLM_HOME: options.home }) };
  const config = { ...resolveWorkerConfig(env, totalmem()), ...(options.roles !== undefined && { roles: options.roles }) };
  const tools = options.tools ?? [];
  const toolQueue = tools.length === 0 ? null : (options.toolQueue ?? toolQueueOf(config.queuePrefix, tools));
  if (config.roles.length === 0 && toolQueue === null) throw new Error("A worker with roles: [] and no tools has nothing to do. Give it tools, or leave roles out.");
  const connected = await connect(options);
  const { connection, namespace } = connected;
  const logger = createLogger(config.logLevel, config.workerId);
  const telemetry = await startTelemetry(config, logger, Runtime.instance().metricMeter);
  const close = async (): Promise<void> => {
    await telemetry.end();
    await connected.close();
  };
  try {
    const services = config.roles.length === 0 ? null : await createServices(config, logger, telemetry);
    const store = services?.store ?? (await LocalBlobStore.open(config.storeDirectory, { quotaBytes: config.storeQuotaBytes }));
    const workers = services === null ? [] : await createWorkers(config, services, connection, namespace);
    if (toolQueue !== null) {
      const base = workerBase(config, connection, namespace);
      workers.push(await createPresenceWorker(base, toolQueue), await createToolWorker(base, store, { tools, taskQueue: toolQueue, observe: telemetry.observe }));
    }
    return { toolQueue, buildId: services?.factory.buildId ?? null, ...lifeOf(workers, services, close) };
  } catch (error) {
    await close();
    throw error;
  }
}

function lifeOf(workers: readonly Worker[], services: Services | null, close: () => Promise<void>): Pick<RlmWorker, "run" | "shutdown"> {
  let ended = false;
  const shutdown = (): void => {
    ended = true;
    for (const worker of workers) if (worker.getState() === "RUNNING") worker.shutdown();
  };
  return {
    shutdown,
    async run() {
      try {
        const running = workers.map((worker) => worker.run());
        if (ended) shutdown();
        // One that fails must not leave the others working as if nothing were wrong.
        for (const each of running) each.catch(shutdown);
        await Promise.all(running);
      } finally {
        await services?.[Symbol.asyncDispose]();
        await close();
      }
    },
  };
}

async function connect({ connection, namespace }: CreateWorkerOptions): Promise<{ connection: NativeConnection; namespace: string; close: () => Promise<void> }> {
  if (connection instanceof NativeConnection) return { connection, namespace: namespace ?? "default", close: async () => undefined };
  const configured = loadClientConnectConfig();
  const own = await NativeConnection.connect(connection ?? configured.connectionOptions);
  return { connection: own, namespace: namespace ?? configured.namespace ?? "default", close: () => own.close() };
}
