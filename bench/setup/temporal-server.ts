import path from "node:path";
import { resolveHome } from "../../src/stack/home.js";
import { LOOPBACK } from "../../src/stack/server/dev-server-flags.js";
import { freePort } from "../../src/stack/server/free-port.js";
import { connectWhenReady } from "../../src/stack/server/server-ready.js";
import { spawnDevServer } from "../../src/stack/server/spawn-dev-server.js";
import { findTemporalCli } from "../../src/stack/temporal-cli/find-temporal-cli.js";
import type { Cleanup } from "./cleanup.js";
import { ownChild } from "./own-child.js";

const START_LIMIT_MS = 30_000;

/** Path of the Temporal CLI, found or obtained as for a user, into the user's own cache. */
export async function temporalCli(say: (line: string) => void): Promise<string> {
  const { path: file } = await findTemporalCli({ home: resolveHome(process.env), env: process.env, onProgress: say });
  return file;
}

/** A dev server with the flags and the durability of the embedded stack. Its address, when it serves. */
export async function startTemporalServer(cli: string, directory: string, cleanup: Cleanup): Promise<string> {
  const port = await freePort();
  const address = `${LOOPBACK}:${port}`;
  const child = spawnDevServer(cli, { port, databaseFile: path.join(directory, "temporal.db"), sqliteSync: "normal", uiPort: null }, "ignore");
  ownChild(child, cleanup);
  const ended = new AbortController();
  child.once("exit", (code, signal) => ended.abort(new Error(`The Temporal server ended (${signal ?? `code ${code}`}).`)));
  await (await connectWhenReady(address, START_LIMIT_MS, ended.signal)).close();
  return address;
}
