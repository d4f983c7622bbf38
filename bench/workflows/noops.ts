import { proxyActivities } from "@temporalio/workflow";

/** The unit of the bench: activities that do nothing, one after another, with the options that ours have. */
export async function noops(count: number): Promise<void> {
  const { noop } = proxyActivities<{ noop(): Promise<void> }>({ startToCloseTimeout: "1 minute", heartbeatTimeout: "3s" });
  for (let i = 0; i < count; i += 1) await noop();
}
