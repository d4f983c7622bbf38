import type { ChildProcess } from "node:child_process";
import type { Connection } from "@temporalio/client";
import { homePaths } from "../home.js";
import { withProgramLog } from "../log-file.js";
import { SupervisedProcess } from "../supervised-process.js";
import { LOOPBACK, type SqliteSync } from "./dev-server-flags.js";
import { rememberedPort } from "./remembered-ports.js";
import { connectWhenReady } from "./server-ready.js";
import { spawnDevServer } from "./spawn-dev-server.js";

/** A cold first start makes the database: 0.5 s on an idle machine; much more where two cores are busy. */
const READY_LIMIT_MS = 30_000;
/** SQLite survives SIGKILL; the grace only keeps the next start short. */
const GRACE_MS = 5_000;
const MAX_FAILED_STARTS = 5;

export interface TemporalServerOptions {
  readonly home: string;
  readonly cli: string;
  readonly sqliteSync: SqliteSync;
  readonly ui: boolean;
  readonly log: (line: string) => void;
  /** Called synchronously after each spawn, before anything else can happen. */
  readonly onSpawn: (child: ChildProcess) => void;
  /** The server serves at another address than before (its old port was taken while it was down). */
  readonly onMoved: () => void;
}

/** The supervised dev server of a home, with one connection to it for the stack's own questions. */
export class TemporalServer {
  readonly process: SupervisedProcess;
  #address: string | null = null;
  #uiPort: number | null = null;
  #connection: Connection | null = null;
  #version: string | null = null;

  constructor(private readonly options: TemporalServerOptions) {
    this.process = new SupervisedProcess({
      name: "Temporal server", graceMs: GRACE_MS, maxFailedStarts: MAX_FAILED_STARTS, log: options.log, logFile: homePaths(options.home).serverLog,
      spawn: () => this.#spawn(),
      untilReady: (_child, signal) => this.#untilReady(signal),
    });
  }

  get address(): string | null { return this.#address; }
  get ui(): string | null { return this.#uiPort === null ? null : `http://${LOOPBACK}:${this.#uiPort}`; }
  /** Version of the server, as it says itself; null before its first start. */
  get version(): string | null { return this.#version; }
  /** Null while the server is not ready. */
  get connection(): Connection | null { return this.process.ready ? this.#connection : null; }

  async stop(): Promise<void> {
    await this.process.stop();
    closeLater(this.#connection);
  }

  async #spawn(): Promise<ChildProcess> {
    const { home, cli, sqliteSync, ui } = this.options;
    const { ports, database, serverLog } = homePaths(home);
    const port = await rememberedPort(ports, "server");
    this.#uiPort = ui ? await rememberedPort(ports, "ui") : null;
    const before = this.#address;
    this.#address = `${LOOPBACK}:${port}`;
    const child = withProgramLog(serverLog, (fd) => spawnDevServer(cli, { port, databaseFile: database, sqliteSync, uiPort: this.#uiPort }, fd));
    this.options.onSpawn(child);
    if (before !== null && before !== this.#address) this.options.onMoved();
    return child;
  }

  async #untilReady(signal: AbortSignal): Promise<void> {
    const connection = await connectWhenReady(this.#address ?? "", READY_LIMIT_MS, signal);
    closeLater(this.#connection);
    this.#connection = connection;
    this.#version = (await connection.workflowService.getSystemInfo({})).serverVersion;
  }
}

/** Longer than any question of ours may take, retries included. */
const CLOSE_AFTER_MS = 30_000;

/**
 * Closes a connection when no call on it can be under way any more. At once would be fatal: the client's retry timer of a
 * call in flight then throws "Channel has been shut down" where nobody can catch it, and that ends the process.
 */
function closeLater(connection: Connection | null): void {
  setTimeout(() => { connection?.close().catch(() => {}); }, CLOSE_AFTER_MS).unref();
}
