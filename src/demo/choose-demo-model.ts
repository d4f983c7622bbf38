import { startScriptedModelServer } from "../testing/scripted-model-server.js";
import type { LedgerRow } from "../testing/ledger.js";
import { demoModelRules } from "./demo-model-rules.js";

export interface DemoModel {
  /** Said on the screen: who answers. */
  readonly description: string;
  /** Environment of the commands. */
  readonly env: Readonly<Record<string, string>>;
  /** Requests so far; `null` with a real model, which keeps no ledger for us. */
  readonly ledger: (() => readonly LedgerRow[]) | null;
  close(): Promise<void>;
}

/** A real model when one is configured, else the scripted one. */
export async function chooseDemoModel(env: NodeJS.ProcessEnv): Promise<DemoModel> {
  if (env["OPENAI_API_KEY"] || env["OPENAI_BASE_URL"]) {
    const description = `Model: ${env["RLM_MODEL"] ?? "the configured default"} (a real model answers; the calls are paid by your key).`;
    return { description, env: {}, ledger: null, close: async () => undefined };
  }
  const server = await startScriptedModelServer({ rules: demoModelRules() });
  return {
    description:
      "Model: SCRIPTED. No OPENAI_API_KEY and no OPENAI_BASE_URL is set, so a script plays the root model and a small classifier reads what the\n" +
      "sub-calls send it. Neither knows the answer. Everything else is real: server, workflow, sandbox, snapshots, HTTP calls.",
    env: { OPENAI_BASE_URL: server.url, RLM_MODEL: "scripted-root", RLM_SUB_MODEL: "scripted-sub" },
    ledger: () => server.ledger(),
    close: () => server.close(),
  };
}
