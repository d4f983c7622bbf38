import { createHash } from "node:crypto";

/** Where model calls go and with which key. They belong together: a key is never used with another pair's base URL. */
export interface Credentials {
  readonly apiKey: string | null;
  readonly baseUrl: string | null;
}

/** The pair in `OPENAI_API_KEY` and `OPENAI_BASE_URL`; empty counts as unset. */
export function credentialsFromEnv(env: NodeJS.ProcessEnv): Credentials {
  return { apiKey: env["OPENAI_API_KEY"] || null, baseUrl: env["OPENAI_BASE_URL"] || null };
}

/**
 * What holds after a command came with `offered`. A command with neither key nor base URL keeps what is there, and so
 * does the present key when only the same base URL is named. Otherwise the pair is replaced whole: a base URL alone
 * must not get the key that was given for another host.
 */
export function resolveCredentials(current: Credentials, offered: Credentials): Credentials {
  if (offered.apiKey === null && (offered.baseUrl === null || offered.baseUrl === current.baseUrl)) return current;
  return offered;
}

/** Tells two pairs apart without telling what they are; the salt is random per stack, so it cannot be looked up. */
export function credentialsFingerprint(salt: Uint8Array, { apiKey, baseUrl }: Credentials): string | null {
  if (apiKey === null && baseUrl === null) return null;
  return createHash("sha256").update(salt).update(JSON.stringify([apiKey, baseUrl])).digest("hex").slice(0, 16);
}
