import { isIP } from "node:net";

/** The rule, for messages. */
export const BIND_ADDRESS_RULE = "PORT or ADDRESS:PORT, as in 9464 or 0.0.0.0:9464";

/** Reads `PORT`, `HOST:PORT` or `[IPv6]:PORT`, the host an address of this machine; loopback where none is named: metrics have no password. `null`: it is none of these. */
export function parseBindAddress(text: string): string | null {
  const [, host = "127.0.0.1", port = ""] = /^(?:(.+):)?(\d{1,5})$/.exec(text.trim()) ?? [];
  const bare = host === "localhost" ? "127.0.0.1" : host.replace(/^\[(.*)\]$/, "$1");
  if (isIP(bare) === 0 || Number(port) < 1 || Number(port) > 65_535) return null;
  return isIP(bare) === 6 ? `[${bare}]:${port}` : `${bare}:${port}`;
}
