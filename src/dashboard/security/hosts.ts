import { isIP } from "node:net";

/** A bind address that others can reach, without leave to do so. */
export class RemoteBindError extends Error {
  override readonly name = "RemoteBindError";
  readonly code = "remote_refused";
  constructor(readonly host: string) {
    super(`The dashboard would be reachable from other machines at ${host}. Everybody who reads the traffic sees the token: put a proxy with TLS before it, and say --allow-remote and --allow-host NAME (the name in the browser's address bar).`);
  }
}

/** True for addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/**
 * The values of the Host header that are answered. A page of another site that makes its own name point here (DNS rebinding) is told apart by it.
 * @param more names a proxy in front is known by, with or without a port
 */
export function allowedHosts(host: string, port: number, more: readonly string[]): ReadonlySet<string> {
  const names = ["127.0.0.1", "localhost", "[::1]", ...(isLoopback(host) || host === "0.0.0.0" || host === "::" ? [] : [isIP(host) === 6 ? `[${host}]` : host])];
  return new Set([...names.map((name) => `${name}:${port}`), ...more.flatMap((name) => [name.toLowerCase(), `${name.toLowerCase()}:${port}`])]);
}
