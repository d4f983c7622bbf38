import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { Readable } from "node:stream";

/** A server that does not take a connection for this long is down or overrun. */
const CONNECT_TIMEOUT_MS = 15_000;
/** Below the 350 s after which common load balancers drop a silent connection. */
const TCP_KEEPALIVE_MS = 60_000;

type FetchLike = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * `fetch` over node:http(s), as far as the openai package uses it. Why not Node's own: its hidden limit of 300 s without headers or without
 * a body chunk cuts reasoning models off, and cannot be changed without installing undici (openai-node issue 2153). Here time is the caller's
 * (`signal`). Connections are kept alive and not limited in number. Redirects are not followed, bodies not compressed.
 */
export function createHttpFetch(): FetchLike {
  const options = { keepAlive: true, maxSockets: Infinity, maxFreeSockets: 1024, scheduling: "lifo" } as const;
  const agents = { http: new HttpAgent(options), https: new HttpsAgent(options) };

  return (input, init = {}) => new Promise((resolve, reject) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const secure = url.protocol === "https:";
    const headers: Record<string, string> = { ...Object.fromEntries(new Headers(init.headers)), "accept-encoding": "identity" };
    const body = init.body ?? null;
    if (body !== null && typeof body !== "string") return reject(new TypeError("createHttpFetch sends text bodies only"));
    if (body !== null) headers["content-length"] = String(Buffer.byteLength(body));

    const request = (secure ? httpsRequest : httpRequest)(url, { method: init.method ?? "GET", headers, agent: secure ? agents.https : agents.http });
    const signal = init.signal ?? null;
    let response: IncomingMessage | null = null;
    const abort = (): void => {
      const reason = new DOMException("The call was aborted", "AbortError");
      response?.destroy(reason);
      request.destroy(reason);
    };
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    request.once("close", () => signal?.removeEventListener("abort", abort));
    // `on`: a request that was answered may fail a second time when it is aborted, and nobody else listens.
    request.on("error", reject);
    request.once("response", (message) => {
      response = message;
      resolve(toResponse(message));
    });
    request.once("socket", (socket) => {
      socket.setNoDelay(true);
      socket.setKeepAlive(true, TCP_KEEPALIVE_MS);
      if (!socket.connecting) return;
      const timer = setTimeout(() => request.destroy(Object.assign(new Error("no connection"), { code: "ETIMEDOUT" })), CONNECT_TIMEOUT_MS);
      socket.once("connect", () => clearTimeout(timer)).once("close", () => clearTimeout(timer));
    });
    request.end(body ?? undefined);
  });
}

function toResponse(message: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const status = message.statusCode ?? 502;
  const bodyless = status === 204 || status === 205 || status === 304;
  message.on("error", () => {}); // Told to the reader of the body; a body that nobody reads must not end the process.
  if (bodyless) message.resume();
  return new Response(bodyless ? null : (Readable.toWeb(message) as ReadableStream<Uint8Array>), { status, headers });
}
