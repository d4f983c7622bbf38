import type { RunSpec } from "../../core/run-spec.js";
import { stackStatus } from "../../stack/stack-status.js";
import { noCredentials } from "./check-models.js";
import type { Composed } from "./compose.js";

/**
 * Before a run on the embedded stack: is there a model server that will do the work?
 * @throws ModelSetupError
 */
export async function requireWorkingModels({ config, home }: Composed, models: RunSpec["models"]): Promise<void> {
  const { apiKey, baseUrl } = config.openai;
  if (apiKey !== null || baseUrl !== null) return (await import("./check-model-server.js")).checkModelServer(config, models);
  // A stack that runs keeps the credentials of the command that started it.
  if ((await stackStatus(home)).credentials === null) throw noCredentials();
}
