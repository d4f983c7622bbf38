import { fork } from "node:child_process";
import { once } from "node:events";
import { compiledProgram } from "../../src/stack/package-files.js";
import type { LedgerRow, ScriptedRule } from "../../src/testing/index.js";
import type { Cleanup } from "./cleanup.js";
import { ownChild, whenReady } from "./own-child.js";

export const ROOT_MODEL = "scripted-root";
export const SUB_MODEL = "scripted-sub";

export interface ModelProcess {
  /** Base URL for clients. */
  readonly url: string;
  /** The next runs' script: a cell a turn; every sub-call is answered "ok" after `subDelayMs`. Empties the ledger. */
  readonly script: (cells: readonly string[], subDelayMs?: number) => Promise<void>;
  readonly setRules: (rules: readonly ScriptedRule[]) => Promise<void>;
  readonly ledger: () => Promise<readonly LedgerRow[]>;
}

export async function startModelProcess(cleanup: Cleanup): Promise<ModelProcess> {
  const child = fork(compiledProgram("bench/setup/model-main.js"), { detached: true, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  ownChild(child, cleanup);
  const [url] = (await whenReady(child, "The model server", once(child, "message"), () => "")) as [string];

  const setRules = async (rules: readonly ScriptedRule[]): Promise<void> => {
    const set = once(child, "message");
    child.send(rules);
    await set;
  };
  return {
    url,
    setRules,
    script: (cells, subDelayMs = 0) => {
      const turns = cells.map((cell) => `Next step.\n\n\`\`\`python\n${cell}\n\`\`\``);
      return setRules([
        { name: "root", when: { model: ROOT_MODEL }, turns },
        { name: "sub", when: { model: SUB_MODEL }, reply: "ok", delayMs: subDelayMs },
      ]);
    },
    ledger: async () => (await (await fetch(`${url}/__ledger`)).json()) as readonly LedgerRow[],
  };
}
