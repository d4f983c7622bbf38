import { resolveHome } from "../stack/home.js";
import { findTemporalCli } from "../stack/temporal-cli/find-temporal-cli.js";

/** The demo's home is thrown away; the Temporal CLI is kept in the user's, for the commands that come after. `null`: a server is configured. */
export async function findDemoCli(env: NodeJS.ProcessEnv): Promise<string | null> {
  if (env["TEMPORAL_ADDRESS"]) return null;
  const { path } = await findTemporalCli({ home: resolveHome(env), env, onProgress: (line) => process.stderr.write(`${line}\n`) });
  return path;
}
