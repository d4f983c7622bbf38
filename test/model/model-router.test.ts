import { expect, it } from "vitest";
import { createModelRouter } from "../../src/model/model-router.js";
import { startScriptedModelServer } from "../../src/testing/index.js";
import { ask, failureOf } from "./scripted.js";

const KEYS: Readonly<Record<string, string>> = { FIRST_API_KEY: "first-key-0123456789", SECOND_API_KEY: "second-key-0123456789" };
const keyOf = (variable: string): string | null => KEYS[variable] ?? null;
const rules = [{ name: "any", reply: "from {{model}}" }];

it("sends each model's calls to its own server, with its own key and wire", async () => {
  await using one = await startScriptedModelServer({ rules, requireKey: KEYS["FIRST_API_KEY"]! });
  await using two = await startScriptedModelServer({ rules, requireKey: KEYS["SECOND_API_KEY"]! });
  const router = createModelRouter({ baseURL: one.url, apiKey: KEYS["FIRST_API_KEY"]!, keyOf });
  expect((await router.complete(ask("hi", "plain"))).text).toBe("from plain");
  const settings = { model: "their-name", baseURL: two.url, apiKeyEnv: "SECOND_API_KEY", wire: "responses" } as const;
  expect((await router.complete({ ...ask("hi", "ours"), settings })).text).toBe("from their-name");
  expect(one.ledger()).toMatchObject([{ wire: "chat", model: "plain" }]);
  expect(two.ledger()).toMatchObject([{ wire: "responses", model: "their-name" }]);
});

it("never sends OPENAI_API_KEY to a server that a model names without a key", async () => {
  await using other = await startScriptedModelServer({ rules, requireKey: "default-key-0123456789" });
  const router = createModelRouter({ baseURL: "http://127.0.0.1:9/v1", apiKey: "default-key-0123456789", keyOf });
  expect(await failureOf(router.complete({ ...ask("hi"), settings: { baseURL: other.url } }))).toMatchObject({ errorClass: "blocked", kind: "credentials" });
  expect(other.ledger()).toEqual([]);
});

it("blocks, and sends nothing, when the variable of a key is not set", async () => {
  await using server = await startScriptedModelServer({ rules });
  const router = createModelRouter({ baseURL: server.url, apiKey: null, keyOf });
  const error = await failureOf(router.complete({ ...ask("hi"), settings: { apiKeyEnv: "THIRD_API_KEY" } }));
  expect(error).toMatchObject({ errorClass: "blocked", kind: "credentials" });
  expect(error.message).toBe(`The key for ${new URL(server.url).host} is missing: THIRD_API_KEY is not set where the worker runs. Set it there, then retry the run.`);
  expect(server.ledger()).toEqual([]);
});

it("names the variable of a key that a server refuses", async () => {
  await using server = await startScriptedModelServer({ rules, requireKey: "another" });
  const router = createModelRouter({ baseURL: server.url, apiKey: null, keyOf });
  expect((await failureOf(router.complete({ ...ask("hi"), settings: { apiKeyEnv: "FIRST_API_KEY" } }))).message).toContain("valid FIRST_API_KEY");
});

it("calls the hosts of the allow-list only", async () => {
  await using server = await startScriptedModelServer({ rules });
  const options = { baseURL: "http://127.0.0.1:9/v1", apiKey: null, keyOf };
  const settings = { baseURL: server.url };
  const refused = await failureOf(createModelRouter({ ...options, allowedHosts: new Set(["api.openai.com"]) }).complete({ ...ask("hi"), settings }));
  expect(refused.message).toContain("it is not in RLM_MODEL_HOSTS");
  const allowed = createModelRouter({ ...options, allowedHosts: new Set([new URL(server.url).host]) });
  expect((await allowed.complete({ ...ask("hi"), settings })).text).toBe("from root");
});

it("puts the system message in front of the first user message of a model that takes none", async () => {
  let seen: unknown = null;
  await using server = await startScriptedModelServer({ rules: [{ name: "any", reply: ({ messages }) => ((seen = messages), "ok") }] });
  const router = createModelRouter({ baseURL: server.url, apiKey: null, keyOf });
  await router.complete({ ...ask("hi"), settings: { capabilities: { systemMessages: false } } });
  expect(seen).toEqual([{ role: "user", text: "You answer.\n\nhi" }]);
});
