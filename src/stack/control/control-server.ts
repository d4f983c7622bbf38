import { chmodSync, rmSync } from "node:fs";
import http from "node:http";
import type { z } from "zod";
import { CredentialsRequest, DashboardRequest, LeaseRequest, ToolsRequest, type CredentialsReply, type DashboardReply, type LeaseReply, type StackReport } from "./protocol.js";

/** What the control socket can ask of the stack. A throw becomes status 500 with its message; null of `lease` becomes 503. */
export interface ControlHandlers {
  status(): Promise<StackReport>;
  stop(): void;
  /** Null when the stack is about to leave. */
  lease(holder: z.infer<typeof LeaseRequest>): z.infer<typeof LeaseReply> | null;
  release(id: string): void;
  hostTools(tools: ToolsRequest): Promise<void>;
  serveDashboard(request: DashboardRequest): Promise<z.infer<typeof DashboardReply>>;
  offerCredentials(offered: z.infer<typeof CredentialsRequest>): Promise<z.infer<typeof CredentialsReply>>;
}

/** An environment may be large. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Listens on the unix socket `socketPath` (mode 0600), replacing what a dead stack left there. Resolves with a function that closes it. */
export async function startControlServer(socketPath: string, handlers: ControlHandlers): Promise<() => Promise<void>> {
  const server = http.createServer((request, response) => {
    answer(request, handlers).catch((error: unknown) => ({ status: 500, body: { error: error instanceof Error ? error.message : String(error) } }))
      .then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      }, () => response.destroy());
  });
  rmSync(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(socketPath, () => { server.removeListener("error", reject); resolve(); });
  });
  // Its directory is closed to others already, so the moment before this line is not a door.
  chmodSync(socketPath, 0o600);
  return () => new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

interface Answer { readonly status: number; readonly body: unknown }

async function answer(request: http.IncomingMessage, handlers: ControlHandlers): Promise<Answer> {
  const route = `${request.method} ${request.url}`;
  if (route === "GET /status") return { status: 200, body: await handlers.status() };
  if (route === "POST /stop") {
    handlers.stop();
    return { status: 202, body: { stopping: true } };
  }
  if (route === "POST /lease") {
    const lease = handlers.lease(LeaseRequest.parse(await readJson(request)));
    return lease === null ? { status: 503, body: { error: "The stack is stopping." } } : { status: 200, body: lease };
  }
  const leaseId = /^DELETE \/lease\/([\w-]+)$/.exec(route)?.[1];
  if (leaseId !== undefined) {
    handlers.release(leaseId);
    return { status: 200, body: {} };
  }
  if (route === "POST /credentials") {
    return { status: 200, body: await handlers.offerCredentials(CredentialsRequest.parse(await readJson(request))) };
  }
  if (route === "POST /tools") {
    await handlers.hostTools(ToolsRequest.parse(await readJson(request)));
    return { status: 200, body: { hosted: true } };
  }
  if (route === "POST /dashboard") return { status: 200, body: await handlers.serveDashboard(DashboardRequest.parse(await readJson(request))) };
  return { status: 404, body: { error: `There is no ${route}.` } };
}

async function readJson(request: http.IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`The request is longer than ${MAX_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
