import net from "node:net";
import { LOOPBACK } from "./dev-server-flags.js";

/**
 * A port on the loopback address that was free a moment ago: `preferred` if it still is, else one chosen by the system.
 * A port cannot be reserved for another process; whoever loses the race asks again.
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined) {
    const port = await tryListen(preferred);
    if (port !== null) return port;
  }
  const port = await tryListen(0);
  if (port === null) throw new Error(`No TCP port is free on ${LOOPBACK}.`);
  return port;
}

function tryListen(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(null));
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : null));
    });
  });
}
