import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Connection } from "@temporalio/client";
import { msToTs } from "@temporalio/common/lib/time.js";
import { packageRoot } from "../../src/stack/package-files.js";
import { childEnd, endChild } from "../../src/stack/process/end-child.js";
import { LOOPBACK } from "../../src/stack/server/dev-server-flags.js";
import { freePort } from "../../src/stack/server/free-port.js";
import { connectWhenReady, NAMESPACE } from "../../src/stack/server/server-ready.js";
import { startTestPostgres } from "./postgres-server.js";
import { testCacheHome } from "./temporal-cli.js";
import type { TestTemporalServer } from "./temporal-server.js";

const run = promisify(execFile);
const DEPLOY = path.join(packageRoot(), "deploy", "temporal-postgres");
const VERSION = "1.31.2";
const PORTS = ["", "HTTP_", "FRONTEND_MEMBERSHIP_", "HISTORY_", "HISTORY_MEMBERSHIP_", "MATCHING_", "MATCHING_MEMBERSHIP_", "WORKER_", "WORKER_MEMBERSHIP_"];
const READY_MS = 120_000;

/** Temporal's server as `deploy/` sets it up, on a PostgreSQL of its own. A `kill` kills both, a `restart` starts both. */
export async function startProductionServer(dynamicConfig: Readonly<Record<string, string>>): Promise<TestTemporalServer> {
  const { server, sqlTool } = await programs();
  const directory = await mkdtemp(path.join(os.tmpdir(), "rlm-test-production-"));
  const postgres = await startTestPostgres();
  const dynamicConfigFile = path.join(directory, "dynamic-config.yaml");
  const more = Object.entries(dynamicConfig).map(([key, value]) => `${key}:\n  - value: ${value}\n`);
  await writeFile(dynamicConfigFile, [await readFile(path.join(DEPLOY, "dynamic-config.yaml"), "utf8"), ...more].join(""));
  const env: Record<string, string> = { PATH: process.env["PATH"] ?? "", POSTGRES_PORT: String(postgres.port), POSTGRES_USER: postgres.user, POSTGRES_PASSWORD: "unused", TEMPORAL_DYNAMIC_CONFIG: dynamicConfigFile, TEMPORAL_LOG_LEVEL: "error" };
  for (const name of PORTS) env[`TEMPORAL_${name}PORT`] = String(await lowPort());
  await run(path.join(DEPLOY, "setup-schema.sh"), [sqlTool], { env });
  const address = `${LOOPBACK}:${env["TEMPORAL_PORT"]}`;
  const logFile = path.join(directory, "temporal.log");
  let child: ChildProcess;

  const start = async (): Promise<void> => {
    const log = openSync(logFile, "a");
    child = spawn(server, ["--config-file", path.join(DEPLOY, "temporal.yaml"), "--allow-no-auth", "start"], { cwd: directory, env, stdio: ["ignore", log, log] });
    closeSync(log);
    const ended = new AbortController();
    child.once("exit", (code, signal) => ended.abort(new Error(`The test Temporal server on PostgreSQL ended (${signal ?? `code ${code}`}): ${readFileSync(logFile, "utf8").slice(-1500)}`)));
    await registerNamespace(address, ended.signal);
    await (await connectWhenReady(address, READY_MS, ended.signal)).close();
  };
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await Promise.all([childEnd(child), postgres.kill()]);
  };
  const killNow = (): void => { child.kill("SIGKILL"); };
  process.once("exit", killNow);
  await start();
  return {
    address,
    namespace: NAMESPACE,
    get pid() { return child.pid ?? 0; },
    kill,
    async restart() {
      await kill();
      await postgres.start();
      await start();
    },
    async stop() {
      process.removeListener("exit", killNow);
      await endChild(child, 5_000);
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Built when they are missing, as an operator builds them. */
async function programs(): Promise<{ readonly server: string; readonly sqlTool: string }> {
  const bin = path.join(testCacheHome(), "bin");
  const server = path.join(bin, `temporal-server-${VERSION}`);
  if (!existsSync(server)) {
    process.stderr.write("Building Temporal's server; it takes some minutes\n");
    await run(path.join(DEPLOY, "build.sh"), [bin], { maxBuffer: 2 ** 26 });
  }
  return { server, sqlTool: path.join(bin, `temporal-sql-tool-${VERSION}`) };
}

/** The server keeps the ports of its services in columns of 15 bits; those that a system hands out are higher. */
async function lowPort(): Promise<number> {
  for (;;) {
    const wanted = randomInt(10_000, 2 ** 15);
    if ((await freePort(wanted)) === wanted) return wanted;
  }
}

/** As an operator does, once; the server does not answer before it has joined its own cluster. */
async function registerNamespace(address: string, signal: AbortSignal): Promise<void> {
  for (const deadlineMs = Date.now() + READY_MS; ; await sleep(200, null, { signal }).catch(() => signal.throwIfAborted())) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 2_000 });
      try {
        await connection.workflowService.registerNamespace({ namespace: NAMESPACE, workflowExecutionRetentionPeriod: msToTs("30 days") });
      } finally {
        await connection.close();
      }
      return;
    } catch (error) {
      if (String(error).includes("ALREADY_EXISTS")) return;
      if (Date.now() > deadlineMs) throw error;
    }
  }
}
