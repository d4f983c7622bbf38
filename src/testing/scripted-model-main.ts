/**
 * Runs the scripted model server as a process of its own:
 *
 *   node dist/src/testing/scripted-model-main.js --rules script.json [--port 0] [--ledger ledger.jsonl] [--require-key KEY]
 *
 * Prints one line of JSON, `{"url":"http://127.0.0.1:…/v1"}`, when it listens. SIGTERM and SIGINT end it.
 */
import { parseArgs } from "node:util";
import { loadRules } from "./load-rules.js";
import { startScriptedModelServer } from "./scripted-model-server.js";

const { values } = parseArgs({
  options: {
    rules: { type: "string" },
    port: { type: "string", default: "0" },
    ledger: { type: "string" },
    "require-key": { type: "string" },
  },
});
if (values.rules === undefined) {
  process.stderr.write("Missing --rules FILE: a JSON file or a module with scripted rules.\n");
  process.exit(2);
}
const server = await startScriptedModelServer({
  ...(await loadRules(values.rules)),
  port: Number(values.port),
  ...(values.ledger !== undefined && { ledgerFile: values.ledger }),
  ...(values["require-key"] !== undefined && { requireKey: values["require-key"] }),
});
process.stdout.write(JSON.stringify({ url: server.url }) + "\n");
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void server.close());
