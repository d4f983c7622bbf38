import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { RunClient } from "../client/run-client.js";
import { loadProjectFile } from "../config/project-file.js";
import { resolveConfig, type Config, type ConfigSources } from "../config/resolve-config.js";
import { homePaths, resolveHome } from "../stack/home.js";
import { LocalBlobStore } from "../store/local-blob-store.js";
import type { ServerConnection } from "./connect-server.js";

/** The parts of the command line, put together from the configuration. The only file of `src/cli` that knows the adapters. */
export interface Composed {
  readonly config: Config;
  readonly home: string;
  /** Environment for the processes that a command starts: what flags and project file say is in it as variables. */
  readonly env: NodeJS.ProcessEnv;
  readonly client: RunClient;
  /** Whether the server is our own background stack, and not one that Temporal's settings name. */
  readonly isEmbedded: () => Promise<boolean>;
  /** Our stack has never run in this home and no other is configured: there can be no runs but those in the store. */
  readonly hasNoServer: () => Promise<boolean>;
  readonly server: () => Promise<ServerConnection>;
  close(): Promise<void>;
}

export interface ComposeOptions {
  readonly flags?: ConfigSources["flags"];
  /** A step of the start that takes time. */
  readonly onStep?: (line: string) => void;
}

/** Reads the configuration and opens the store. Starts nothing: the server is looked for when it is first needed. */
export async function compose({ flags = {}, onStep = () => undefined }: ComposeOptions = {}): Promise<Composed> {
  const config = resolveConfig({ flags, env: process.env, projectFile: await loadProjectFile(process.cwd(), process.env) });
  const home = resolveHome(config.home === null ? process.env : { ...process.env, RLM_HOME: config.home });
  const env = environment(config, home);
  const store = await LocalBlobStore.open(config.storeDirectory ?? path.join(home, "store"));
  let connecting: Promise<ServerConnection> | null = null;
  // Temporal's client takes a third of a second to load: only when it is needed.
  const server = (): Promise<ServerConnection> => (connecting ??= import("./connect-server.js").then(({ connectServer }) => connectServer({ home, env, onStep })));
  const isEmbedded = async (): Promise<boolean> => (await import("../client/configured-temporal.js")).configuredTemporal(env) === null;
  return {
    config,
    home,
    env,
    client: {
      store,
      temporal: async () => (await server()).temporal,
      onUnavailable: async () => (await server()).revive(),
    },
    isEmbedded,
    hasNoServer: async () => !existsSync(homePaths(home).database) && (await isEmbedded()),
    server,
    async close() {
      await connecting?.then((connection) => connection.close(), () => undefined);
    },
  };
}

function environment(config: Config, home: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    RLM_HOME: home,
    ...(config.storeDirectory !== null && { RLM_STORE: pathToFileURL(config.storeDirectory).href }),
    ...(config.openai.baseUrl !== null && { OPENAI_BASE_URL: config.openai.baseUrl }),
  };
}
