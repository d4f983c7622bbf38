import { isIP } from "node:net";
import type { z } from "zod";

/** `PORT`, `HOST:PORT` or `[IPv6]:PORT`, the host an address of this machine. Loopback where none is named: metrics have no password. */
export function toBindAddress(text: string, context: z.RefinementCtx): string {
  const [, host = "127.0.0.1", port = ""] = /^(?:(.+):)?(\d{1,5})$/.exec(text.trim()) ?? [];
  const bare = host === "localhost" ? "127.0.0.1" : host.replace(/^\[(.*)\]$/, "$1");
  if (isIP(bare) !== 0 && Number(port) > 0 && Number(port) <= 65_535) return isIP(bare) === 6 ? `[${bare}]:${port}` : `${bare}:${port}`;
  context.addIssue({ code: "custom", message: `"${text}" is not PORT or ADDRESS:PORT, as in 9464 or 0.0.0.0:9464` });
  return "";
}
