import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createApp, type AppOptions } from "./app.js";
import { allowedHosts, isLoopback, RemoteBindError } from "./security/hosts.js";

export interface DashboardOptions extends Omit<AppOptions, "hosts" | "port" | "ending"> {
  /** @default "127.0.0.1" */
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
  /** Further names under which a proxy serves it. */
  readonly allowHosts?: readonly string[];
  /** Leave to bind where other machines can reach it. @default false */
  readonly unsafeAllowRemote?: boolean;
}

export interface Dashboard {
  /** `http://127.0.0.1:PORT`, without a token. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** The dashboard's port is taken, or may not be used. */
class DashboardPortError extends Error {
  override readonly name = "DashboardPortError";
  readonly code = "port_taken";
}

/**
 * Serves the dashboard.
 * @throws RemoteBindError other machines could reach it and `unsafeAllowRemote` is not set
 * @throws DashboardPortError
 */
export async function startDashboard({ host = "127.0.0.1", port: wanted, allowHosts = [], unsafeAllowRemote = false, ...options }: DashboardOptions): Promise<Dashboard> {
  if (!isLoopback(host) && !unsafeAllowRemote) throw new RemoteBindError(host);
  const server = createServer();
  await listen(server, host, wanted);
  const { port } = server.address() as AddressInfo;
  const ending = new AbortController();
  // Attached before anything is awaited: browsers that were waiting for a restart come at once.
  const app = createApp({ ...options, port, hosts: allowedHosts(host, port, allowHosts), ending: ending.signal });
  const answer = getRequestListener(async (...request) => (await app).fetch(...request), { overrideGlobalObjects: false });
  server.on("request", (incoming, outgoing) => void answer(incoming, outgoing));
  await app;
  return {
    url: `http://${host === "0.0.0.0" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    async close() {
      ending.abort();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    throw new DashboardPortError(`The dashboard cannot listen on ${host}:${port}: ${(cause as Error).message}. Choose another --port, or 0 for any free one.`, { cause });
  }
}
