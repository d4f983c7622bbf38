import { loadClientConnectConfig } from "@temporalio/envconfig";
import { TemporalConfigError } from "./errors.js";
import type { TemporalTarget } from "./connect-temporal.js";

/**
 * The Temporal server that the environment names (TEMPORAL_ADDRESS, TEMPORAL_PROFILE, Temporal's config file, TLS and API key as Temporal's
 * own tools read them), or `null` where none is named: then the embedded stack is meant.
 * @throws TemporalConfigError Temporal's config file or variables cannot be used
 */
export function configuredTemporal(env: Readonly<Record<string, string | undefined>>): TemporalTarget | null {
  const set = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const { connectionOptions, namespace } = load(set);
  const { address, tls, apiKey, metadata } = connectionOptions;
  if (address === undefined || address === "") return null;
  return {
    address,
    namespace: namespace ?? "default",
    ...(tls !== undefined && tls !== null && { tls }),
    ...(apiKey !== undefined && { apiKey }),
    ...(metadata !== undefined && { metadata }),
  };
}

function load(env: Record<string, string>): ReturnType<typeof loadClientConnectConfig> {
  try {
    return loadClientConnectConfig({ overrideEnvVars: env });
  } catch (error) {
    throw new TemporalConfigError(env["TEMPORAL_CONFIG_FILE"] ?? null, error);
  }
}
