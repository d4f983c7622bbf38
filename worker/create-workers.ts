import { rememberNamespace } from "../src/client/garbage/store-namespaces.js";
import { Worker, type NativeConnection, type WorkerOptions } from "@temporalio/worker";
import { createBatchActivities } from "../activities/batch-activities.js";
import { createCallActivities } from "../activities/call-activities.js";
import { createCellActivities } from "../activities/cell-activities.js";
import { createChildActivities } from "../activities/child-activities.js";
import { createDeliveryActivities } from "../activities/delivery-activities.js";
import { createFusedActivities } from "../activities/fused-activities.js";
import { createRunActivities } from "../activities/run-activities.js";
import { createScheduleActivities } from "../activities/schedule-activities.js";
import type { ScheduleDeps } from "../activities/deps.js";
import { prepareWindow } from "../src/client/schedules/prepare-window.js";
import type { BlobStore } from "../src/store/blob-store.js";
import { sessionQueueName, taskQueues } from "../src/core/queues.js";
import { createDeliver } from "../src/sinks/deliver.js";
import type { WorkerConfig } from "./config.js";
import type { Services } from "./create-services.js";
import { versioned } from "./deployment.js";
import { placeTuner } from "./place-slots.js";
import { createPresenceWorker } from "./presence-worker.js";
import { workflowBundlePath } from "./workflow-bundle.js";

type PollerBehavior = NonNullable<WorkerOptions["activityTaskPollerBehavior"]>;

/** Two pollers double the latency of a step on these queues; autoscaling finds its number. */
const BUSY_POLLERS: PollerBehavior = { type: "autoscaling", minimum: 2, initial: 4, maximum: 50 };
/** A frozen worker keeps its open long polls and is fed one task each, every one lost for a timeout: few of them on REPL queues. */
const FEW_POLLERS: PollerBehavior = { type: "simple-maximum", maximum: 2 };
const MODEL_CALL_SLOTS = 1000;
const SESSION_QUEUE_SLOTS = 200;

/** What all workers of a process share. */
export function workerBase(config: WorkerConfig, connection: NativeConnection, namespace: string): Omit<WorkerOptions, "taskQueue"> {
  return {
    connection,
    namespace,
    identity: config.workerId,
    // Every beat is sent (`activities/with-context.ts`): the timeout is a few of them.
    maxHeartbeatThrottleInterval: "400ms",
    defaultHeartbeatThrottleInterval: "400ms",
    shutdownGraceTime: config.shutdownGraceMs,
  };
}

function windowPreparer(store: BlobStore, replQueue: string): ScheduleDeps["prepareWindow"] {
  return (args, stateOf) => prepareWindow({ store, replQueue, stateOf }, args);
}

/** One Temporal worker a queue, by the roles of this process. */
export async function createWorkers(config: WorkerConfig, services: Services, connection: NativeConnection, namespace: string): Promise<Worker[]> {
  await rememberNamespace(services.store, { connection, namespace });
  const queues = taskQueues(config.queuePrefix, services.factory.buildId);
  const base = workerBase(config, connection, namespace);
  const versionedBase = { ...base, ...versioned(config.deployment) };
  const deps = {
    ...services, sessionQueue: sessionQueueName(config.queuePrefix, config.workerId), nowMs: () => Date.now(),
    deliver: createDeliver(config.model.keyOf), prepareWindow: windowPreparer(services.store, queues.repl), replQueue: queues.repl,
  };
  const cellActivities = createCellActivities(deps);
  const workers: Promise<Worker>[] = [];
  if (config.roles.includes("workflow")) {
    workers.push(
      Worker.create({
        ...versionedBase,
        taskQueue: queues.workflow,
        workflowBundle: { codePath: workflowBundlePath() },
        maxCachedWorkflows: config.maxCachedWorkflows,
        // With the default of 10 s a killed workflow worker costs 11.6 s. A task that was not taken within this is replayed elsewhere, usually in milliseconds.
        stickyQueueScheduleToStartTimeout: "500ms",
        workflowTaskPollerBehavior: BUSY_POLLERS,
      }),
    );
  }
  if (config.roles.includes("llm")) {
    const activities = { ...createCallActivities(deps), ...createRunActivities(deps), ...createChildActivities(deps), ...createDeliveryActivities(deps), ...createBatchActivities(deps), ...createScheduleActivities(deps) };
    workers.push(createPresenceWorker(versionedBase, queues.llm), Worker.create({ ...versionedBase, taskQueue: queues.llm, activities, maxConcurrentActivityTaskExecutions: MODEL_CALL_SLOTS, activityTaskPollerBehavior: BUSY_POLLERS }));
  }
  if (config.roles.includes("repl")) {
    const sessionActivities = { ...cellActivities, ...(config.roles.includes("llm") ? createFusedActivities(deps) : {}) };
    workers.push(
      createPresenceWorker(base, queues.repl),
      Worker.create({ ...base, taskQueue: queues.repl, activities: cellActivities, tuner: placeTuner(services.table), activityTaskPollerBehavior: FEW_POLLERS }),
      Worker.create({
        ...base,
        taskQueue: deps.sessionQueue,
        activities: sessionActivities,
        maxConcurrentActivityTaskExecutions: SESSION_QUEUE_SLOTS,
        activityTaskPollerBehavior: FEW_POLLERS,
      }),
    );
  }
  return Promise.all(workers);
}
