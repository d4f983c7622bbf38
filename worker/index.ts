/** `durable-rlm/worker`: workers for RLM runs in your own processes, with your tools. */
export { createWorker, type CreateWorkerOptions, type RlmWorker } from "./create-worker.js";
export { RlmPlugin } from "./rlm-plugin.js";
export type { WorkerRole } from "./config.js";
