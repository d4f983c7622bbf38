import type { TestCluster } from "./cluster.js";
import { startCli, type CliResult, type RunningCli } from "./run-cli.js";

/** For use in a test: `rlm` against a cluster, in its home. */
export function clusterCli({ home, temporal, model }: TestCluster, args: readonly string[]): RunningCli {
  const env = { RLM_HOME: home, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace, OPENAI_BASE_URL: model.url, OPENAI_API_KEY: "none", RLM_MODEL: "scripted-root", RLM_SUB_MODEL: "scripted-sub" };
  return startCli(args, { env, cwd: home });
}

/** The same, for a command that must go well. */
export async function rlmOk(cluster: TestCluster, ...args: readonly string[]): Promise<CliResult> {
  const result = await clusterCli(cluster, args).done;
  if (result.code !== 0) throw new Error(`rlm ${args.slice(0, 2).join(" ")} ended with ${result.code}: ${result.stderr}`);
  return result;
}
