import { expect, it } from "vitest";
import { credentialsFromEnv, resolveCredentials } from "../../src/stack/credentials.js";
import { stackStatus } from "../../src/stack/stack-status.js";
import { workerEnv } from "../../src/stack/worker-env.js";
import { stackForTest } from "./stack-for-test.js";

it("hands other credentials to a new worker, and keeps the worker for the same ones or none", async () => {
  const stack = await stackForTest();
  const withKey = (apiKey: string) => ({ env: { ...stack.env, OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: "http://127.0.0.1:9/v1" } });
  await stack.ensure(withKey("first"));
  const before = await stackStatus(stack.home);
  await stack.ensure(withKey("first"));
  await stack.ensure();
  expect(stack.workersSeen()).toHaveLength(1);
  expect((await stackStatus(stack.home)).credentials).toBe(before.credentials);

  await stack.ensure(withKey("second"));
  const after = await stackStatus(stack.home);
  expect(stack.workersSeen()).toMatchObject([{ apiKey: "first" }, { apiKey: "second", baseUrl: "http://127.0.0.1:9/v1" }]);
  expect(after.pids.worker).toBe(stack.workersSeen()[1]?.pid);
  expect(after.pids.server).toBe(before.pids.server);
  expect(after.credentials).not.toBe(before.credentials);
});

it("hands over further keys that the project file names, one by one, and keeps those that a command does not bring", () => {
  const offered = credentialsFromEnv({ RLM_KEY_VARIABLES: "ONE_API_KEY,TWO_API_KEY", ONE_API_KEY: "new", OPENAI_API_KEY: "" });
  expect(offered).toEqual({ apiKey: null, baseUrl: null, keys: { ONE_API_KEY: "new" } });
  const current = { apiKey: "key", baseUrl: null, keys: { ONE_API_KEY: "old", TWO_API_KEY: "two" } };
  expect(resolveCredentials(current, offered)).toEqual({ apiKey: "key", baseUrl: null, keys: { ONE_API_KEY: "new", TWO_API_KEY: "two" } });
  expect(workerEnv({ PATH: "p" }, resolveCredentials(current, offered), { home: "/h", address: "a:1", namespace: "n" })).toMatchObject({ OPENAI_API_KEY: "key", ONE_API_KEY: "new", TWO_API_KEY: "two" });
});

it("never sends a key to a base URL that was given without one", () => {
  const current = { apiKey: "key", baseUrl: "https://one.test" };
  expect(resolveCredentials(current, { apiKey: null, baseUrl: "https://two.test" })).toEqual({ apiKey: null, baseUrl: "https://two.test" });
  expect(resolveCredentials(current, { apiKey: null, baseUrl: "https://one.test" })).toEqual(current);
  expect(resolveCredentials(current, { apiKey: null, baseUrl: null })).toEqual(current);
  expect(resolveCredentials(current, { apiKey: "other", baseUrl: null })).toEqual({ apiKey: "other", baseUrl: null });
});
