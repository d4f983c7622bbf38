import { rangeOf } from "../src/core/call-counts.js";
import type { ActivityProxies } from "./activity-proxies.js";
import type { CallsToMake } from "./dispatch-calls.js";

/** Makes the tool calls of a suspension, an activity each, at most `maxConcurrency` at once. When one is blocked, the others are waited for first. */
export async function dispatchToolCalls({ run, specRef, turn, pack, counts, maxConcurrency, gate }: CallsToMake, proxies: ActivityProxies): Promise<void> {
  const { start, count } = rangeOf(counts, "tool");
  let next = start;
  const lane = async (): Promise<void> => {
    while (next < start + count) {
      const index = next;
      next += 1;
      await gate();
      await proxies.tools(`turn ${turn}, tool call ${index - start + 1}`).callTool({ run, specRef, turn, pack, index });
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(count, maxConcurrency) }, lane));
  const failed = lanes.find((each) => each.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
