/**
 * Options every dev server of ours gets. A stock one takes 101 ms for each sequential activity, whatever disk and load:
 * its queues are read 20 times a second and a step needs two reads. With these it is 10 ms (measured, CLI 1.8.2).
 * A real server takes the same keys in its dynamic configuration.
 */
const DYNAMIC_CONFIG: Readonly<Record<string, string>> = {
  // 20 a second and shard by default: the 101 ms.
  "history.transferProcessorMaxPollRPS": "2000",
  // The same limit for timers and retries; `sleep(1 ms)` took 1,025 ms, now 17.
  "history.timerProcessorMaxPollRPS": "2000",
  // And for the visibility records that `rlm ls` and the idle check read.
  "history.visibilityProcessorMaxPollRPS": "2000",
  // Timers are fired up to one second late by default. The quotes belong to the value: it is parsed as JSON.
  "history.timerProcessorMaxTimeShift": `"10ms"`,
  // Continue-as-new of a run younger than a second waited for the rest of that second: 1,011 ms, now 16 to 20.
  "history.workflowIdReuseMinimalInterval": `"0s"`,
  // A frozen worker keeps its polls open and is fed tasks, each lost for a timeout. It does not answer pings either: after these two its connection is
  // closed, and with it its polls. By default that takes 70 s.
  "frontend.keepAliveTime": `"2s"`,
  "frontend.keepAliveTimeout": `"3s"`,
};

/** Durability of the SQLite file; see "Claims of durability" in docs/ARCHITECTURE.md. */
export type SqliteSync = "normal" | "full";

export interface DevServerOptions {
  /** Bound on the loopback address only. */
  readonly port: number;
  readonly databaseFile: string;
  /** `full` survives a power cut, at the price of a disk flush per transaction. */
  readonly sqliteSync: SqliteSync;
  /** Temporal's own web UI, which asks for no token; null leaves it off. */
  readonly uiPort: number | null;
  /** More dynamic configuration, for servers of tests; values are JSON. @default none */
  readonly dynamicConfig?: Readonly<Record<string, string>>;
}

/** The address only this machine can reach. */
export const LOOPBACK = "127.0.0.1";

/** Arguments of the Temporal CLI that start the dev server. */
export function devServerArgs({ port, databaseFile, sqliteSync, uiPort, dynamicConfig = {} }: DevServerOptions): string[] {
  return [
    "server", "start-dev",
    "--ip", LOOPBACK, "--port", String(port),
    ...(uiPort === null ? ["--headless"] : ["--ui-port", String(uiPort), "--ui-disable-news-fetch"]),
    "--db-filename", databaseFile,
    // As fast as memory in the measurements, and intact after every kill -9.
    "--sqlite-pragma", "journal_mode=wal",
    "--sqlite-pragma", `synchronous=${sqliteSync === "full" ? 2 : 1}`,
    ...Object.entries({ ...DYNAMIC_CONFIG, ...dynamicConfig }).flatMap(([key, value]) => ["--dynamic-config-value", `${key}=${value}`]),
    "--log-level", "error", "--color", "never",
    // Settings of a person's own Temporal CLI must not leak into the embedded server.
    "--disable-config-file", "--disable-config-env",
  ];
}

/** `RLM_SQLITE_SYNC`: unset or `normal`, or `full`. */
export function parseSqliteSync(value: string | undefined): SqliteSync {
  if (value === undefined || value === "" || value === "normal") return "normal";
  if (value === "full") return "full";
  throw new Error(`RLM_SQLITE_SYNC is "${value}"; it must be "normal" (default) or "full".`);
}
