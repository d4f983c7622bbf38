import net from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { Connection } from "@temporalio/client";
import { msToTs } from "@temporalio/common/lib/time.js";
import { ensureSearchAttributes } from "../../client/ensure-search-attributes.js";
import { SEARCH_ATTRIBUTES } from "../../core/visibility.js";

/** The dev server's only namespace. */
export const NAMESPACE = "default";

/** The dev server forgets closed runs after 24 h by itself; docs promise 30 days. */
const RETENTION = msToTs("30 days");

/**
 * Waits until the server at `address` serves the namespace, and sets that namespace's retention to 30 days and its
 * search attributes to those of runs.
 * Answers with an open connection, which the caller closes.
 *
 * @throws Error when it is not ready within `timeoutMs`, or `signal` is aborted (its reason).
 */
export async function connectWhenReady(address: string, timeoutMs: number, signal?: AbortSignal): Promise<Connection> {
  const deadlineMs = Date.now() + timeoutMs;
  // Probe the port first: gRPC's own back-off makes a start of 0.2 s look like 1 s.
  while (!(await portAnswers(address))) {
    signal?.throwIfAborted();
    if (Date.now() > deadlineMs) throw new Error(`Nothing listens on ${address} after ${timeoutMs / 1000} s.`);
    await delay(20);
  }
  const connection = await Connection.connect({ address, connectTimeout: Math.max(1000, deadlineMs - Date.now()) });
  try {
    for (;;) {
      try {
        await ensureRetention(connection);
        await ensureVisibility(connection);
        return connection;
      } catch (error) {
        // The port opens before the namespace exists (first start) or its shards are loaded.
        signal?.throwIfAborted();
        if (Date.now() > deadlineMs) throw error;
        await delay(20);
      }
    }
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function ensureRetention(connection: Connection): Promise<void> {
  const service = connection.workflowService;
  await connection.withDeadline(Date.now() + 5_000, async () => {
    const { config } = await service.describeNamespace({ namespace: NAMESPACE });
    if (String(config?.workflowExecutionRetentionTtl?.seconds) === String(RETENTION.seconds)) return;
    await service.updateNamespace({ namespace: NAMESPACE, config: { workflowExecutionRetentionTtl: RETENTION } });
  });
}

/** Registered, and known to the part of the server that lists runs, which takes some 50 ms longer. */
async function ensureVisibility(connection: Connection): Promise<void> {
  await connection.withDeadline(Date.now() + 5_000, async () => {
    await ensureSearchAttributes(connection, NAMESPACE);
    const query = Object.values(SEARCH_ATTRIBUTES).map(({ name }) => `${name} IS NULL`).join(" OR ");
    await connection.workflowService.countWorkflowExecutions({ namespace: NAMESPACE, query });
  });
}

/** Whether a TCP connection to `host:port` is accepted. */
function portAnswers(address: string): Promise<boolean> {
  const colon = address.lastIndexOf(":");
  return new Promise((resolve) => {
    const socket = net.connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)) });
    const settle = (answer: boolean): void => { socket.destroy(); resolve(answer); };
    socket.once("connect", () => settle(true)).once("error", () => settle(false)).setTimeout(1_000, () => settle(false));
  });
}
