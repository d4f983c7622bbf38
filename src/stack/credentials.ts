import { createHash } from "node:crypto";

/** Where model calls go and with which keys. */
export interface Credentials {
  /** Key and base URL of the default server. They belong together: a key is never used with another pair's base URL. */
  readonly apiKey: string | null;
  readonly baseUrl: string | null;
  /** Keys of models with servers of their own, by the variable that the project file names. @default none */
  readonly keys?: Readonly<Record<string, string>>;
}

/** Environment variable with the names of the variables that hold further keys, separated by commas; the command line makes it from the project file. */
export const KEY_VARIABLES = "RLM_KEY_VARIABLES";

/** The pair in `OPENAI_API_KEY` and `OPENAI_BASE_URL`, and the further keys; empty counts as unset. */
export function credentialsFromEnv(env: NodeJS.ProcessEnv): Credentials {
  const names = (env[KEY_VARIABLES] ?? "").split(",").filter((name) => name !== "");
  const keys = Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  return { apiKey: env["OPENAI_API_KEY"] || null, baseUrl: env["OPENAI_BASE_URL"] || null, ...(Object.keys(keys).length > 0 && { keys }) };
}

/** Whether a command brought any at all. */
export function hasCredentials({ apiKey, baseUrl, keys = {} }: Credentials): boolean {
  return apiKey !== null || baseUrl !== null || Object.keys(keys).length > 0;
}

/**
 * What holds after a command came with `offered`. A command with neither key nor base URL keeps what is there, and so
 * does the present key when only the same base URL is named. Otherwise the pair is replaced whole: a base URL alone
 * must not get the key that was given for another host. Further keys are replaced one by one.
 */
export function resolveCredentials(current: Credentials, offered: Credentials): Credentials {
  const keepsPair = offered.apiKey === null && (offered.baseUrl === null || offered.baseUrl === current.baseUrl);
  const { apiKey, baseUrl } = keepsPair ? current : offered;
  const keys = { ...current.keys, ...offered.keys };
  return { apiKey, baseUrl, ...(Object.keys(keys).length > 0 && { keys }) };
}

export function areSameCredentials(one: Credentials, other: Credentials): boolean {
  const text = ({ apiKey, baseUrl, keys = {} }: Credentials): string => JSON.stringify([apiKey, baseUrl, Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1))]);
  return text(one) === text(other);
}

/** Tells two pairs apart without telling what they are; the salt is random per stack, so it cannot be looked up. */
export function credentialsFingerprint(salt: Uint8Array, { apiKey, baseUrl }: Credentials): string | null {
  if (apiKey === null && baseUrl === null) return null;
  return createHash("sha256").update(salt).update(JSON.stringify([apiKey, baseUrl])).digest("hex").slice(0, 16);
}
