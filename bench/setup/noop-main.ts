/** Worker of the no-op workflow, in a process of its own, with the poller and cache settings of the real one. Arguments: address, namespace, queue. */
import path from "node:path";
import { DefaultLogger, NativeConnection, Runtime, Worker, bundleWorkflowCode } from "@temporalio/worker";
import { packageRoot } from "../../src/stack/package-files.js";

const [address = "", namespace = "", taskQueue = ""] = process.argv.slice(2);
const logger = new DefaultLogger("WARN");
Runtime.install({ logger, shutdownSignals: [] });
const [connection, workflowBundle] = await Promise.all([
  NativeConnection.connect({ address }),
  bundleWorkflowCode({ workflowsPath: path.join(packageRoot(), "dist", "bench", "workflows", "noops.js"), logger }),
]);
const pollers = { type: "autoscaling", minimum: 2, initial: 4, maximum: 50 } as const;
const worker = await Worker.create({
  connection, namespace, taskQueue, workflowBundle,
  activities: { noop: async () => undefined },
  stickyQueueScheduleToStartTimeout: "1s",
  workflowTaskPollerBehavior: pollers,
  activityTaskPollerBehavior: pollers,
});
process.once("disconnect", () => process.exit(0));
process.send?.("ready");
process.once("SIGTERM", () => worker.shutdown());
await worker.run();
process.exit(0);
