import { existsSync } from "node:fs";
import type { TemporalTarget } from "../../client/connect-temporal.js";
import type { RunClient } from "../../client/run-client.js";
import type { Config, ConfigSources } from "../../config/resolve-config.js";
import { homePaths } from "../../stack/home.js";
import { parseAlerts } from "../../sinks/parse-alerts.js";
import type { BlobInventory } from "../../store/blob-inventory.js";
import { LocalInventory } from "../../store/local-inventory.js";
import { LocalBlobStore } from "../../store/local-blob-store.js";
import type { ServerConnection } from "./connect-server.js";
import { readSettings } from "./read-settings.js";

/** The client side, put together from the configuration: for the command line and for programs. The only file there that knows the adapters. */
export interface Composed {
  readonly config: Config;
  readonly home: string;
  /** Environment for the processes that are started: what flags and project file say is in it as variables. */
  readonly env: NodeJS.ProcessEnv;
  readonly client: RunClient;
  /** Of the client's store. */
  readonly inventory: BlobInventory;
  /** Whether the server is our own background stack, and not one that was named. */
  readonly isEmbedded: () => Promise<boolean>;
  /** Our stack has never run in this home and no other is configured: there can be no runs but those in the store. */
  readonly hasNoServer: () => Promise<boolean>;
  readonly server: () => Promise<ServerConnection>;
  close(): Promise<void>;
}

export interface ComposeOptions {
  readonly flags?: ConfigSources["flags"];
  /** @default that of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** A server named by the program itself. @default the one that Temporal's settings name, else the embedded stack */
  readonly temporal?: TemporalTarget;
  /** A step of the start that takes time. */
  readonly onStep?: (line: string) => void;
}

/** Reads the configuration and opens the store. Starts nothing: the server is looked for when it is first needed. */
export async function compose({ flags = {}, env: given = process.env, temporal, onStep = () => undefined }: ComposeOptions = {}): Promise<Composed> {
  const { config, home, storeDirectory, env } = await readSettings(flags, given);
  const store = await LocalBlobStore.open(storeDirectory, { quotaBytes: config.storeQuotaBytes });
  // Temporal's client takes a third of a second to load: only when it is needed.
  const named = async (): Promise<TemporalTarget | null> => temporal ?? (await import("../../client/configured-temporal.js")).configuredTemporal(env);
  let connecting: Promise<ServerConnection> | null = null;
  const connect = async (): Promise<ServerConnection> => (await import("./connect-server.js")).connectServer({ home, env, target: await named(), onStep });
  // A failed try is not kept: a program that lives long may ask again.
  const server = (): Promise<ServerConnection> => (connecting ??= connect().catch((error: unknown) => { connecting = null; throw error; }));
  const isEmbedded = async (): Promise<boolean> => (await named()) === null;
  return {
    config,
    home,
    env,
    client: {
      store,
      alerts: parseAlerts(config.alerts),
      maxOpenRuns: config.maxOpenRuns,
      temporal: async () => (await server()).temporal,
      onUnavailable: async () => (await server()).revive(),
    },
    inventory: new LocalInventory(store.directory),
    isEmbedded,
    hasNoServer: async () => !existsSync(homePaths(home).database) && (await isEmbedded()),
    server,
    async close() {
      await connecting?.then((connection) => connection.close(), () => undefined);
    },
  };
}
