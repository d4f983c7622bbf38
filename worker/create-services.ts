import path from "node:path";
import type { Logger } from "pino";
import type { Observe } from "../src/core/work-fact.js";
import { ReplyStore } from "../src/journal/reply-store.js";
import { createModelRouter } from "../src/model/model-router.js";
import { createSandboxFactory } from "../src/repl/sandbox-factory.js";
import { privateBytesOf } from "../src/repl/process-memory.js";
import type { SessionFactory } from "../src/repl/session.js";
import { ensureBaseImage, keepBaseImage } from "../src/runner/base-image.js";
import { CellRunner } from "../src/runner/cell-runner.js";
import { ModelCaller } from "../src/runner/model-caller.js";
import { SessionPool } from "../src/runner/session-pool.js";
import { SessionTable } from "../src/runner/session-table.js";
import { SnapshotCommits } from "../src/runner/snapshot-commits.js";
import { LocalBlobStore } from "../src/store/local-blob-store.js";
import type { BlobStore } from "../src/store/blob-store.js";
import { sessionQueueName } from "../src/core/queues.js";
import type { WorkerConfig } from "./config.js";
import { watchFreezes } from "./freeze-watch.js";
import { watchSessions } from "./telemetry/metrics.js";
import type { Telemetry } from "./telemetry/telemetry.js";

/** Most steps run for less: a place is there sooner than another worker has restored the session. */
const PLACE_WAIT_MS = 3_000;

/** A task that runs for longer is told by its heartbeat that it is given up. */
const AFTER_THAW_MS = 3_000;

/** The parts of a worker, put together from its settings. */
export interface Services extends AsyncDisposable {
  readonly store: BlobStore;
  readonly replies: ReplyStore;
  readonly factory: SessionFactory;
  readonly runner: CellRunner;
  readonly caller: ModelCaller;
  readonly pool: SessionPool;
  readonly table: SessionTable;
  readonly observe: Observe;
}

export async function createServices(config: WorkerConfig, logger: Logger, { meter, observe }: Telemetry): Promise<Services> {
  const store = await LocalBlobStore.open(config.storeDirectory, { quotaBytes: config.storeQuotaBytes });
  const { memoryLimitBytes, bubblewrap, packages } = config;
  const factory = await createSandboxFactory({ workDir: path.join(config.home, "sessions"), memoryLimitBytes, bubblewrap, packages, spares: Math.min(1, config.poolSize) });
  const replies = new ReplyStore(store);
  const baseImage = await ensureBaseImage(store, factory);
  const stopKeeping = keepBaseImage(store, baseImage);
  const pool = new SessionPool(store, factory, baseImage, config.poolSize);
  const nowMs = (): number => Date.now();
  const { maxSessions, maxParkedBytes, sessionIdleMs } = config;
  const onDisposeError = (error: unknown): void => logger.warn({ error: String(error) }, "a sandbox's directory could not be removed");
  const table = new SessionTable({ maxSessions, maxParkedBytes, weigh: privateBytesOf, placeWaitMs: PLACE_WAIT_MS, nowMs, onDisposeError });
  const sweep = setInterval(() => table.dropUnused(sessionIdleMs), Math.min(60_000, Math.ceil(sessionIdleMs / 2))).unref();
  // Runs have gone on elsewhere meanwhile. The second time for what tasks leave that were handed to this process while it stood still.
  const stopWatch = watchFreezes(() => {
    table.dropUnused(0);
    setTimeout(() => table.dropUnused(0), AFTER_THAW_MS).unref();
  });
  const runner = new CellRunner({
    store, replies, factory, pool, table, nowMs, observe,
    commits: new SnapshotCommits(),
    sessionQueue: sessionQueueName(config.queuePrefix, config.workerId),
    fusable: config.roles.includes("llm"),
    onReplayDiverged: (fact) => logger.warn(fact, "replay-diverged"),
    onSnapshotRebuilt: (fact) => logger.warn(fact, fact.differs.length === 0 ? "snapshot-rebuilt" : "snapshot-rebuilt-differently"),
  });
  const caller = new ModelCaller({ store, replies, nowMs, observe, client: createModelRouter(config.model) });
  const endGauge = watchSessions(meter, () => ({ ...table.counts(), pooled: pool.size }));
  return {
    store, replies, factory, runner, caller, pool, table, observe,
    async [Symbol.asyncDispose]() {
      clearInterval(sweep);
      stopKeeping();
      stopWatch();
      endGauge();
      table.dropAll();
      await pool[Symbol.asyncDispose]();
      await factory[Symbol.asyncDispose]();
    },
  };
}
