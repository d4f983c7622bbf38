import path from "node:path";
import { pathToFileURL } from "node:url";
import { loadProjectFile } from "../../config/project-file.js";
import { resolveConfig, type Config, type ConfigSources } from "../../config/resolve-config.js";
import { readPackagesFlag } from "../../repl/packages/read-packages-flag.js";
import { KEY_VARIABLES } from "../../stack/credentials.js";
import { resolveHome } from "../../stack/home.js";

/** What flags, environment and project file say. */
export interface Settings {
  readonly config: Config;
  readonly home: string;
  /** Directory of the blob store. */
  readonly storeDirectory: string;
  /** Environment for the processes that are started: what flags and project file say is in it as variables. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Reads the settings of this process; makes the home's directory where it is missing.
 * @throws ConfigError | PackageError
 */
export async function readSettings(flags: ConfigSources["flags"], { ...given }: NodeJS.ProcessEnv): Promise<Settings> {
  if (flags.packages !== undefined) given["RLM_PACKAGES"] = readPackagesFlag(flags.packages, process.cwd());
  const config = resolveConfig({ flags, env: given, projectFile: await loadProjectFile(process.cwd(), given) });
  const home = resolveHome(config.home === null ? given : { ...given, RLM_HOME: config.home });
  return { config, home, storeDirectory: config.storeDirectory ?? path.join(home, "store"), env: environment(given, config, home) };
}

function environment(given: NodeJS.ProcessEnv, config: Config, home: string): NodeJS.ProcessEnv {
  return {
    ...given,
    RLM_HOME: home,
    ...(config.storeDirectory !== null && { RLM_STORE: pathToFileURL(config.storeDirectory).href }),
    ...(config.storeQuotaBytes !== null && { RLM_STORE_QUOTA: `${config.storeQuotaBytes}B` }),
    ...(config.packages !== null && { RLM_PACKAGES: config.packages }),
    ...(config.openai.baseUrl !== null && { OPENAI_BASE_URL: config.openai.baseUrl }),
    ...(config.models.keyVariables.length > 0 && { [KEY_VARIABLES]: config.models.keyVariables.join(",") }),
  };
}
