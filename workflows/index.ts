/** Entry of the workflow bundle: every export is a workflow type. */
export { rlmRun } from "./rlm-run.js";
export { rlmDelivery } from "./rlm-delivery.js";
export { rlmBatch } from "./rlm-batch.js";
export { rlmScheduled } from "./rlm-scheduled.js";
