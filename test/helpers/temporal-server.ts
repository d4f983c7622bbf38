import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { childEnd, endChild } from "../../src/stack/process/end-child.js";
import { LOOPBACK } from "../../src/stack/server/dev-server-flags.js";
import { freePort } from "../../src/stack/server/free-port.js";
import { connectWhenReady, NAMESPACE } from "../../src/stack/server/server-ready.js";
import { spawnDevServer } from "../../src/stack/server/spawn-dev-server.js";
import { startProductionServer } from "./production-server.js";
import { testTemporalCli } from "./temporal-cli.js";

export interface TestTemporalServer {
  /** `127.0.0.1:port`; the same after `restart`. */
  readonly address: string;
  readonly namespace: string;
  /** Pid of the server process that runs now. */
  readonly pid: number;
  /** SIGKILL of it and, where it has one, of its PostgreSQL; waited for. The data stay. */
  kill(): Promise<void>;
  /** Starts it again on the same port and database, after a `kill` or instead of one; resolves when it serves. */
  restart(): Promise<void>;
  /** Ends it and removes its database. */
  stop(): Promise<void>;
}

/**
 * A real server with a database of its own and a free port; ready when it resolves. The dev server with the flags of the embedded stack, or, with
 * `RLM_TEST_SERVER=postgres` (part of `npm run test:full`), the one of `deploy/` on PostgreSQL.
 */
export function startTestTemporalServer(dynamicConfig: Readonly<Record<string, string>> = {}): Promise<TestTemporalServer> {
  return process.env["RLM_TEST_SERVER"] === "postgres" ? startProductionServer(dynamicConfig) : startTestDevServer(dynamicConfig);
}

async function startTestDevServer(dynamicConfig: Readonly<Record<string, string>>): Promise<TestTemporalServer> {
  const cli = await testTemporalCli();
  const dir = await mkdtemp(path.join(os.tmpdir(), "rlm-test-temporal-"));
  const port = await freePort();
  const address = `${LOOPBACK}:${port}`;
  let child: ChildProcess;

  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await childEnd(child);
  };
  const start = async (): Promise<void> => {
    child = spawnDevServer(cli, { port, databaseFile: path.join(dir, "temporal.db"), sqliteSync: "normal", uiPort: null, dynamicConfig }, "ignore");
    const ended = new AbortController();
    child.once("exit", (code, signal) => ended.abort(new Error(`The test Temporal server ended (${signal ?? `code ${code}`}).`)));
    await (await connectWhenReady(address, 30_000, ended.signal)).close();
  };
  // A test process that ends in the middle must not leave its server behind.
  const killNow = (): void => { child.kill("SIGKILL"); };
  process.once("exit", killNow);

  await start();
  return {
    address,
    namespace: NAMESPACE,
    get pid() { return child.pid ?? 0; },
    kill,
    async restart() { await kill(); await start(); },
    async stop() {
      process.removeListener("exit", killNow);
      await endChild(child, 5_000);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
