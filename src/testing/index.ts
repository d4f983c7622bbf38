/**
 * `durable-rlm/testing`: a model that follows a script, for tests of programs that use this package, and for its own.
 *
 * - `startScriptedModelServer`: a real HTTP server that speaks OpenAI's Chat Completions and Responses API, with delays, faults and a ledger of every request.
 * - `createMemoryModelClient`: the same idea without a network, for unit tests.
 */
export { startScriptedModelServer, type ScriptedModelServer, type ScriptedModelServerOptions } from "./scripted-model-server.js";
export type { ScriptedCondition, ScriptedFault, ScriptedReply, ScriptedRequest, ScriptedRule, ScriptedUsage } from "./scripted-rule.js";
export type { LedgerRow, LedgerStats, RuleStats } from "./ledger.js";
export { loadRules, type ScriptedScript } from "./load-rules.js";
export { createMemoryModelClient, type MemoryCall, type MemoryModelClient, type MemoryModelHandler } from "./memory-model-client.js";
