import type { CallArgs, CallToolResult } from "../src/core/call-wire.js";
import type { ToolDeps } from "./deps.js";
import { tellingTries } from "./earlier-tries.js";
import { withContext } from "./with-context.js";

/** The user's tools. Their outcomes are in the store under their call keys, as replies of models are. */
export function createToolActivities({ toolCaller }: ToolDeps) {
  return {
    callTool: ({ run, pack, index }: CallArgs): Promise<CallToolResult> =>
      withContext(async ({ signal }) => {
        const { model: tool, outcome } = await tellingTries(({ count, lastError }) => toolCaller.call({ ...run, pack, index, attempt: count + 1, lastError }, signal));
        return { tool, failed: "error" in outcome };
      }),
  };
}
