import type { RunSpec } from "../../core/run-spec.js";
import { stackStatus } from "../../stack/stack-status.js";
import { missingKeys, noCredentials } from "./check-models.js";
import type { Composed } from "./compose.js";

/**
 * Before a run on the embedded stack: are there model servers that will do the work? A stack that runs keeps the credentials of the command that
 * started it, so a command may come without any.
 * @throws ModelSetupError
 */
export async function requireWorkingModels({ config, env, home }: Composed, models: RunSpec["models"]): Promise<void> {
  const missing = missingKeys(config, models, env);
  const [first] = missing;
  if (first === undefined) return (await import("./check-model-server.js")).checkModelServer(config, models, env);
  const { running, credentials } = await stackStatus(home);
  if (!running || (missing.includes("OPENAI_API_KEY") && credentials === null)) throw noCredentials(first);
}
