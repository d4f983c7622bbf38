import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { Role } from "../wire.js";

/** The tokens of a home; whoever has one has its role. */
export type Tokens = Readonly<Record<Role, string>>;

const Stored = z.object({ operator: z.string().min(32), viewer: z.string().min(32) });

/** A token file that cannot be trusted. */
class TokenFileError extends Error {
  override readonly name = "TokenFileError";
  readonly code = "invalid_tokens";
}

/** The tokens of a home. @throws TokenFileError */
export function loadHomeTokens(home: string): Promise<Tokens> {
  return loadTokens(path.join(home, "dashboard-tokens.json"));
}

/**
 * Reads the token file; makes it, mode 0600, where there is none.
 * @throws TokenFileError others can read it, or it is damaged
 */
export async function loadTokens(file: string): Promise<Tokens> {
  try {
    const made: Tokens = { operator: randomBytes(32).toString("base64url"), viewer: randomBytes(32).toString("base64url") };
    await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    await chmod(file, 0o600);
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0) throw new TokenFileError(`The dashboard's tokens in ${file} can be read by others (mode ${(mode & 0o777).toString(8)}). Remove the file: new tokens are made. Links and sessions of the old ones end.`);
  try {
    return Stored.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    throw new TokenFileError(`The dashboard's tokens in ${file} cannot be read. Remove the file: new ones are made.`, { cause });
  }
}

/** The role of a token, or `null`. In a time that does not depend on how much of it is right. */
export function roleOfToken(tokens: Tokens, given: string): Role | null {
  const operator = isSame(given, tokens.operator);
  const viewer = isSame(given, tokens.viewer);
  return operator ? "operator" : viewer ? "viewer" : null;
}

export const SESSION_MS = 7 * 86_400_000;

/** What the cookie holds instead of the token. It outlives a restart of the dashboard, and ends with the token. */
export function mintSession(tokens: Tokens, role: Role, nowMs: number): string {
  const expiresAtMs = nowMs + SESSION_MS;
  return `${role}.${expiresAtMs}.${sign(tokens, role, expiresAtMs)}`;
}

/** The role of a session, or `null`: forged, of other tokens, or over. */
export function roleOfSession(tokens: Tokens, session: string, nowMs: number): Role | null {
  const [role, expires, signature = ""] = session.split(".");
  if (role !== "operator" && role !== "viewer") return null;
  const expiresAtMs = Number(expires);
  return isSame(signature, sign(tokens, role, expiresAtMs)) && expiresAtMs > nowMs ? role : null;
}

function sign(tokens: Tokens, role: Role, expiresAtMs: number): string {
  return createHmac("sha256", tokens[role]).update(`session ${role} ${expiresAtMs}`).digest("base64url");
}

/** Digests have equal lengths, so that the length tells nothing either. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHmac("sha256", "compare").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
