import path from "node:path";
import { expect, it } from "vitest";
import { dryRun } from "../../src/api/compose/dry-run.js";
import { readResult } from "../../src/client/read-result.js";
import { resolveRunOptions } from "../../src/core/resolve-run-limits.js";
import type { RunSpec } from "../../src/core/run-spec.js";
import { parseSignature } from "../../src/signature/parse-signature.js";
import { startScriptedModelServer } from "../../src/testing/index.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";

const cluster = await clusterForFile();
await cluster.startWorker({ SECOND_API_KEY: "second-key-0123456789" });

const QUESTION = { signature: "q -> answer", inputs: { q: "?" } };

it("uses several endpoints, keys and wires in one run, and counts the cost of each by its own price", async () => {
  await using second = await startScriptedModelServer({ rules: [{ name: "sub", reply: "second", usage: { inputTokens: 1_000_000, outputTokens: 0 } }], requireKey: "second-key-0123456789" });
  cluster.script(["SUBMIT(answer=llm_query('a') + ' ' + llm_query('b', model='plain'))"], { reply: "first" }, { usage: { inputTokens: 500_000, outputTokens: 0 } });
  cluster.model.setRules([
    { name: "root", when: { model: "scripted-root" }, turns: ["```python\nSUBMIT(answer=llm_query('a') + ' ' + llm_query('b', model='plain'))\n```"], usage: { inputTokens: 500_000, outputTokens: 0 } },
    { name: "plain", when: { model: "plain" }, reply: "first", usage: { inputTokens: 0, outputTokens: 0 } },
  ]);
  const settings = {
    "scripted-root": { price: { inputUsdPerMillion: 2, outputUsdPerMillion: 2 } },
    small: { model: "their-name", baseURL: second.url, apiKeyEnv: "SECOND_API_KEY", wire: "responses", price: { inputUsdPerMillion: 3, outputUsdPerMillion: 3 } },
    plain: { price: { inputUsdPerMillion: 9, outputUsdPerMillion: 9 } },
  } as const;
  const result = await cluster.run({ ...QUESTION, models: { sub: "small", allowed: ["plain"], settings } });
  expect(result).toMatchObject({ status: "answered", outputs: { answer: "second first" }, llmCalls: 2 });
  expect(result.usage.costUsd).toBeCloseTo(0.5 * 2 + 1 * 3, 10);
  expect(second.ledger()).toMatchObject([{ model: "their-name", wire: "responses", answered: true }]);
});

it("waits as blocked when the worker does not have the key that a model names", async () => {
  cluster.script(["SUBMIT(answer='x')"]);
  const id = await cluster.start({ ...QUESTION, models: { settings: { "scripted-root": { apiKeyEnv: "NOBODY_HAS_IT_API_KEY" } } } });
  await expect.poll(async () => (await readResult(cluster.client, id)).status, { timeout: 15_000 }).toBe("blocked");
  expect((await readResult(cluster.client, id)).reason).toBe("credentials");
  expect(cluster.model.ledger()).toEqual([]);
});

it("a dry run shows the very messages that the first root call is given", async () => {
  const data = JSON.stringify({ rows: [{ a: 1 }, { a: 2.5, b: null }], "é": "x".repeat(2000) });
  const given = { signature: "logs, data: dict -> answer: list[str], n: int", inputs: { logs: "a line of ünïcode\n".repeat(1000) }, json: { data } };
  let sent: unknown = null;
  cluster.model.reset();
  cluster.model.setRules([{ name: "root", reply: ({ messages }) => ((sent = messages), "```python\nSUBMIT(['x'], 1)\n```") }]);
  const models = { root: "scripted-root", sub: "scripted-sub", allowed: [], settings: { "scripted-sub": { contextTokens: 32_000 } } };
  await cluster.run({ ...given, models });

  const put = async (name: string, kind: "text" | "json", text: string) => ({ name, kind, ref: await cluster.store.put(Buffer.from(text, "utf8")) });
  const spec: RunSpec = {
    v: 1, signature: parseSignature(given.signature), models, limits: resolveRunOptions({}),
    inputs: [await put("logs", "text", given.inputs.logs), await put("data", "json", data)],
  };
  const { prompts } = await dryRun(spec, cluster.store, { workDir: path.join(cluster.home, "sessions"), images: cluster.store, packages: { from: "", wheels: [] } });
  expect(prompts.firstCall.map(({ role, content }) => ({ role, text: content }))).toEqual(sent);
});
