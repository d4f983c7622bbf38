import http from "node:http";
import { z } from "zod";
import type { Credentials } from "../credentials.js";
import type { ProcessIdentity } from "../process/process-identity.js";
import { CredentialsReply, DashboardReply, ErrorReply, LeaseReply, StackReport, StopReply, ToolsReply, type DashboardRequest, type ToolsRequest } from "./protocol.js";

/** The stack answered, and refused. `status` 503: it is about to leave. */
export class ControlRefusedError extends Error {
  override readonly name = "ControlRefusedError";
  constructor(readonly status: number, message: string) { super(message); }
}

/** A worker may take its grace of 10 s to end, and the next one needs to start. */
const CREDENTIALS_LIMIT_MS = 90_000;
/** Two starts of a minute each. */
const START_LIMIT_MS = 130_000;
const LIMIT_MS = 10_000;

/** Requests to the control socket of a running stack. Each throws when nobody listens there, or no answer comes in time. */
export function controlClient(socketPath: string) {
  return {
    status: () => call(socketPath, "GET", "/status", StackReport),
    stop: () => call(socketPath, "POST", "/stop", StopReply),
    lease: (holder: ProcessIdentity) => call(socketPath, "POST", "/lease", LeaseReply, holder),
    release: (id: string) => call(socketPath, "DELETE", `/lease/${id}`, z.object({})),
    offerCredentials: (offered: Credentials) => call(socketPath, "POST", "/credentials", CredentialsReply, offered, CREDENTIALS_LIMIT_MS),
    serveDashboard: (request: DashboardRequest) => call(socketPath, "POST", "/dashboard", DashboardReply, request, START_LIMIT_MS),
    hostTools: (tools: ToolsRequest) => call(socketPath, "POST", "/tools", ToolsReply, tools, START_LIMIT_MS),
  };
}

async function call<T>(socketPath: string, method: string, path: string, reply: z.ZodType<T>, body?: unknown, timeoutMs = LIMIT_MS): Promise<T> {
  const { status, text } = await send(socketPath, method, path, body, timeoutMs);
  const json: unknown = JSON.parse(text);
  if (status >= 400) throw new ControlRefusedError(status, ErrorReply.safeParse(json).data?.error ?? `status ${status}`);
  return reply.parse(json);
}

function send(socketPath: string, method: string, path: string, body: unknown, timeoutMs: number): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, method, path, agent: false, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => { text += chunk; })
        .on("end", () => resolve({ status: response.statusCode ?? 0, text }))
        .on("error", reject);
    });
    request.once("error", reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
