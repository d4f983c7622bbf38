import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { TemporalTarget } from "../../client/connect-temporal.js";
import type { RunClient } from "../../client/run-client.js";
import { loadProjectFile } from "../../config/project-file.js";
import { resolveConfig, type Config, type ConfigSources } from "../../config/resolve-config.js";
import { KEY_VARIABLES } from "../../stack/credentials.js";
import { homePaths, resolveHome } from "../../stack/home.js";
import type { BlobInventory } from "../../store/blob-inventory.js";
import { LocalInventory } from "../../store/local-inventory.js";
import { LocalBlobStore } from "../../store/local-blob-store.js";
import type { ServerConnection } from "./connect-server.js";

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
  const config = resolveConfig({ flags, env: given, projectFile: await loadProjectFile(process.cwd(), given) });
  const home = resolveHome(config.home === null ? given : { ...given, RLM_HOME: config.home });
  const env = environment(given, config, home);
  const store = await LocalBlobStore.open(config.storeDirectory ?? path.join(home, "store"));
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

function environment(given: NodeJS.ProcessEnv, config: Config, home: string): NodeJS.ProcessEnv {
  return {
    ...given,
    RLM_HOME: home,
    ...(config.storeDirectory !== null && { RLM_STORE: pathToFileURL(config.storeDirectory).href }),
    ...(config.packages !== null && { RLM_PACKAGES: config.packages }),
    ...(config.openai.baseUrl !== null && { OPENAI_BASE_URL: config.openai.baseUrl }),
    ...(config.models.keyVariables.length > 0 && { [KEY_VARIABLES]: config.models.keyVariables.join(",") }),
  };
}
