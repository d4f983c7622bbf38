import { existsSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { RlmClient } from "../../src/api/rlm-client.js";
import { RunNotFoundError } from "../../src/client/errors.js";
import { collect } from "../helpers/collect.js";
import { tempDir } from "../helpers/temp-dir.js";

it("an unknown id is refused by every method of its handle, and starts no stack in a fresh home", async () => {
  const home = await tempDir();
  await using client = await RlmClient.open({ home });
  const run = client.attach("no-such-run");
  const asked: readonly (() => Promise<unknown>)[] = [
    () => run.status(), () => run.result(), () => run.trajectory(), () => collect(run.watch()), () => run.pause(), () => run.resume(), () => run.steer("x"),
    () => run.budget({ maxLlmCalls: 1 }), () => run.retry(), () => run.cancel(), () => run.fork({ turn: 1 }),
  ];
  for (const ask of asked) await expect(ask()).rejects.toThrow(RunNotFoundError);
  expect(existsSync(path.join(home, "temporal.db"))).toBe(false);
});
