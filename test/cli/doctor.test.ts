import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import proto from "@temporalio/proto";
import { describe, expect, it, onTestFinished } from "vitest";
import { connectTemporal } from "../../src/client/connect-temporal.js";
import type { Check } from "../../src/cli/doctor/check.js";
import { resolveDenoBinary } from "../../src/repl/deno-binary.js";
import { startScriptedModelServer } from "../../src/testing/index.js";
import { runCli, type CliOptions } from "../helpers/run-cli.js";
import { tempDir } from "../helpers/temp-dir.js";
import { testTemporalCli } from "../helpers/temporal-cli.js";
import { startTestTemporalServer } from "../helpers/temporal-server.js";

const KEY = "sk-canary-of-the-doctor-0123456789";

/** A machine that lacks something: the command sees these mounts, and can make no user namespace, which bubblewrap needs. */
const crippled = (...mounts: readonly string[]): readonly string[] =>
  ["/usr/bin/bwrap", "--dev-bind", "/", "/", ...mounts, "--unshare-user", "--disable-userns", "--die-with-parent", "--"];

async function look(options: CliOptions): Promise<{ readonly code: number | null; readonly of: (name: string) => Check | undefined; readonly said: string }> {
  const { code, stdout, stderr } = await runCli(["doctor", "--json"], options);
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: readonly Check[] };
  expect(code, stdout).toBe(ok ? 0 : 1);
  expect(ok).toBe(checks.every((each) => each.ok));
  // No failure is told without its cure.
  for (const { ok: fine, detail, hint } of checks) if (!fine) expect(hint ?? detail).toMatch(/[.)]$|"/);
  return { code, of: (name) => checks.find((each) => each.name === name), said: stdout + stderr };
}

const failed = (detail: RegExp, hint: RegExp | null): unknown => expect.objectContaining({ ok: false, detail: expect.stringMatching(detail), hint: hint === null ? null : expect.stringMatching(hint) });

describe("rlm doctor", () => {
  it("finds each of many things that are wrong with a machine, and tells the cure of each", async () => {
    const home = await tempDir();
    await writeFile(path.join(home, "blobs"), "a file where the store should be");
    const { of } = await look({
      env: { RLM_HOME: home, RLM_STORE: `file://${home}/blobs`, TEMPORAL_ADDRESS: "127.0.0.1:9", RLM_BUBBLEWRAP: "require", OPENAI_BASE_URL: "http://127.0.0.1:9/v1", RLM_MODEL: "scripted-root" },
      under: crippled("--tmpfs", path.dirname(resolveDenoBinary())),
    });
    expect(of("packages")).toEqual(failed(/carries Deno, is not installed.*npm ci/, null));
    expect(of("sandbox")).toEqual(failed(/is not installed/, null));
    expect(of("store")).toEqual(failed(/failed to open \((ENOTDIR|EEXIST)\)/, null));
    expect(of("temporal")).toEqual(failed(/127\.0\.0\.1:9/, null));
    expect(of("model server")).toEqual(failed(/./, /OPENAI_BASE_URL/));
    expect(of("node")).toMatchObject({ ok: true, detail: expect.stringContaining(process.version) });
    expect(of("workers")).toBeUndefined();
  });

  it("finds a full disk, a missing wall, a Temporal CLI that is none, and a key that the server refuses, which it does not print", async () => {
    const home = await tempDir();
    const model = await startScriptedModelServer({ requireKey: "another", rules: [] });
    onTestFinished(() => model.close());
    await mkdir(path.join(home, "small"));
    const { of, said } = await look({
      env: { RLM_HOME: home, RLM_STORE: `file://${home}/small`, RLM_BUBBLEWRAP: "require", RLM_TEMPORAL_CLI: "/etc/hostname", OPENAI_API_KEY: KEY, OPENAI_BASE_URL: model.url, RLM_MODEL: "scripted-root" },
      under: crippled("--size", String(4 * 2 ** 20), "--tmpfs", path.join(home, "small")),
    });
    expect(of("store")).toMatchObject({ ok: true });
    expect(of("disk")).toEqual(failed(/^Only \d\.\d MiB free/, /rlm gc/));
    expect(of("sandbox")).toEqual(failed(/must run inside bubblewrap.*it does not work/, null));
    expect(of("temporal cli")).toEqual(failed(/RLM_TEMPORAL_CLI/, /RLM_TEMPORAL_CLI/));
    expect(of("model server")).toEqual(failed(/./, /OPENAI_API_KEY/));
    expect(said).not.toContain(KEY);
  });

  it("says what is wrong with the settings, and looks at the rest when they can be read", async () => {
    const cwd = await tempDir();
    await writeFile(path.join(cwd, "rlm.config.json"), "{\"modells\": {}}");
    const { of } = await look({ cwd, env: { RLM_HOME: cwd } });
    expect(of("settings")).toEqual(failed(/"modells" is not a setting/, /when this is mended/));
    expect(of("store")).toBeUndefined();
  });

  it("finds a server without workers and with a search attribute of another type, a namespace that is not there, and is content with a machine that has one wall", async () => {
    const home = await tempDir();
    const server = await startTestTemporalServer();
    onTestFinished(() => server.stop());
    const model = await startScriptedModelServer({ rules: [] });
    onTestFinished(() => model.close());
    const client = await connectTemporal(server);
    await client.connection.operatorService.removeSearchAttributes({ namespace: server.namespace, searchAttributes: ["RlmTurns"] });
    await client.connection.operatorService.addSearchAttributes({ namespace: server.namespace, searchAttributes: { RlmTurns: proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD } });
    await client.connection.close();
    const env = { RLM_HOME: home, TEMPORAL_ADDRESS: server.address, OPENAI_BASE_URL: model.url, RLM_MODEL: "scripted-root" };

    const here = await look({ env, under: crippled() });
    expect(here.of("temporal")).toMatchObject({ ok: true, detail: expect.stringMatching(/server \d+\.\d+/) });
    expect(here.of("search attributes")).toMatchObject({ ok: true, hint: expect.stringContaining("RlmTurns") });
    expect(here.of("workers")).toEqual(failed(/No worker takes from rlm, rlm-llm, rlm-repl-/, /rlm worker/));
    expect(here.of("sandbox")).toMatchObject({ ok: true, hint: expect.stringContaining("RLM_BUBBLEWRAP=require") });
    expect(here.of("model server")).toMatchObject({ ok: true, detail: expect.stringContaining("(no key)") });

    const elsewhere = await look({ env: { ...env, TEMPORAL_NAMESPACE: "nowhere" } });
    expect(elsewhere.of("temporal")).toEqual(failed(/nowhere/, null));
  });

  it("is content where nothing is missing, and starts no stack", async () => {
    const home = await tempDir();
    const model = await startScriptedModelServer({ requireKey: KEY, rules: [] });
    onTestFinished(() => model.close());
    const { code, of, said } = await look({ env: { RLM_HOME: home, RLM_TEMPORAL_CLI: await testTemporalCli(), OPENAI_API_KEY: KEY, OPENAI_BASE_URL: model.url, RLM_MODEL: "scripted-root" } });
    expect(said).not.toContain(KEY);
    expect(of("model server")).toMatchObject({ detail: expect.stringContaining("key in OPENAI_API_KEY") });
    expect(of("temporal")).toMatchObject({ detail: expect.stringContaining("not up") });
    expect(code).toBe(0);
  });
});
