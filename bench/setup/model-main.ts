/** The scripted model server in a process of its own: what it computes must not slow the client or the worker. Rules come from the parent. */
import { startScriptedModelServer, type ScriptedRule } from "../../src/testing/index.js";

const server = await startScriptedModelServer({ rules: [] });
process.on("message", (rules: readonly ScriptedRule[]) => {
  server.reset();
  server.setRules(rules);
  process.send?.("set");
});
process.once("disconnect", () => process.exit(0));
process.send?.(server.url);
