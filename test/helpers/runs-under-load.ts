import { vi } from "vitest";
import type { ScriptedRule } from "../../src/testing/index.js";
import type { TestCluster } from "./cluster.js";

const CELLS = [1, 2].map((turn) => `turn = ${turn}\nfor i in range(6):\n    r = llm_query_batched([f'{q} {turn} {i} {k}' for k in range(8)])`);
/** Two turns, in each of them six times eight calls at once. */
export const CALLS_OF_A_RUN = 96;

/** The script of such runs; `subs` answer their calls, which begin with the run's id and turn. */
export function busyScript(...subs: readonly ScriptedRule[]): readonly ScriptedRule[] {
  const turns = [...CELLS, "SUBMIT(answer='done')"].map((cell) => `Next.\n\n\`\`\`python\n${cell}\n\`\`\``);
  return [{ name: "root", when: { model: "scripted-root" }, turns }, ...subs, { name: "sub", when: { model: "scripted-sub" }, reply: "{{nonce}}", delayMs: 400 }];
}

/** Starts runs beside each other that make calls all the while, and waits until some are answered and others under way. */
export async function runsUnderLoad(cluster: TestCluster, ids: readonly string[], ...subs: readonly ScriptedRule[]): Promise<void> {
  cluster.model.reset();
  cluster.model.setRules(busyScript(...subs));
  await Promise.all(ids.map((id) => cluster.start({ signature: "q -> answer", inputs: { q: id }, id, limits: { maxLlmCalls: 100 } })));
  await vi.waitUntil(() => cluster.model.ledger().filter(({ rule }) => rule === "sub").length > 8, { timeout: 120_000, interval: 50 });
}
