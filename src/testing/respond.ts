import type { ServerResponse } from "node:http";

/** Ends a response with a JSON document. */
export function sendJson(response: ServerResponse, status: number, document: unknown, headers: Readonly<Record<string, string>> = {}): void {
  const body = JSON.stringify(document);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...headers });
  response.end(body);
}

/** Ends a response with an error in OpenAI's shape. */
export function sendError(response: ServerResponse, status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}): void {
  sendJson(response, status, openAiError(status, code, message), headers);
}

/** The body OpenAI sends with a status. */
export function openAiError(status: number, code: string, message: string): object {
  const type = status === 429 ? "rate_limit_error" : status >= 500 ? "server_error" : "invalid_request_error";
  return { error: { message, type, param: null, code } };
}
