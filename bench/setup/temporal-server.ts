import path from "node:path";
import { resolveHome } from "../../src/stack/home.js";
import { LOOPBACK } from "../../src/stack/server/dev-server-flags.js";
import { freePort } from "../../src/stack/server/free-port.js";
import { connectWhenReady } from "../../src/stack/server/server-ready.js";
import { spawnDevServer } from "../../src/stack/server/spawn-dev-server.js";
import { findTemporalCli } from "../../src/stack/temporal-cli/find-temporal-cli.js";
import type { Cleanup } from "./cleanup.js";
import { ownChild, type OwnChild } from "./own-child.js";

const START_LIMIT_MS = 30_000;

/** Path of the Temporal CLI, found or obtained as for a user, into the user's own cache. */
export async function temporalCli(say: (line: string) => void): Promise<string> {
  const { path: file } = await findTemporalCli({ home: resolveHome(process.env), env: process.env, onProgress: say });
  return file;
}

export interface TemporalServer {
  readonly address: string;
  /** SIGKILL, and a start on the same port and database; resolves when it serves. */
  restart(): Promise<void>;
}

/** A dev server with the flags and the durability of the embedded stack; it serves when this resolves. */
export async function startTemporalServer(cli: string, directory: string, cleanup: Cleanup): Promise<TemporalServer> {
  const port = await freePort();
  const address = `${LOOPBACK}:${port}`;
  let running = await startServing(cli, directory, port, cleanup);
  return {
    address,
    restart: async () => {
      await running.kill();
      running = await startServing(cli, directory, port, cleanup);
    },
  };
}

async function startServing(cli: string, directory: string, port: number, cleanup: Cleanup): Promise<OwnChild> {
  const child = spawnDevServer(cli, { port, databaseFile: path.join(directory, "temporal.db"), sqliteSync: "normal", uiPort: null }, "ignore");
  const own = ownChild(child, cleanup);
  const ended = new AbortController();
  child.once("exit", (code, signal) => ended.abort(new Error(`The Temporal server ended (${signal ?? `code ${code}`}).`)));
  await (await connectWhenReady(`${LOOPBACK}:${port}`, START_LIMIT_MS, ended.signal)).close();
  return own;
}
