import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Ledger, type LedgerRow, type LedgerStats } from "./ledger.js";
import { assertRules } from "./match-rule.js";
import { sendError, sendJson } from "./respond.js";
import { ScriptedConversation } from "./scripted-conversation.js";
import type { ScriptedRule } from "./scripted-rule.js";

export interface ScriptedModelServerOptions {
  readonly rules: readonly ScriptedRule[];
  /** Answers what no rule matches. Without it such a request gets 404 `no_rule`. */
  readonly default?: Omit<ScriptedRule, "name" | "when">;
  /** @default 0, a free port */
  readonly port?: number;
  /** Ids of `GET /v1/models`; `null`: the server has no such endpoint. @default ["scripted-root", "scripted-sub"] */
  readonly models?: readonly string[] | null;
  /** A file to which every exchange is appended as a line of JSON when it ends. */
  readonly ledgerFile?: string;
  /** Requests must carry it as `Authorization: Bearer …`; others get 401. @default any key or none */
  readonly requireKey?: string;
}

export interface ScriptedModelServer extends AsyncDisposable {
  /** Base URL for clients, `http://127.0.0.1:<port>/v1`. */
  readonly url: string;
  stats(): LedgerStats;
  /** Exchanges since the start or the last reset, in order of arrival, open ones included. */
  ledger(): readonly LedgerRow[];
  /** Empties ledger and statistics, and starts the counting of faults anew. */
  reset(): void;
  /** Takes effect with the next request. The ledger stays. */
  setRules(rules: readonly ScriptedRule[]): void;
  /** Revokes the key that is in use, or (`null`) accepts any. */
  setRequiredKey(key: string | null): void;
  /** Cuts open connections and frees the port. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts an OpenAI-compatible model server on 127.0.0.1 that answers by script: Chat Completions and Responses, as JSON and as a stream,
 * `GET /v1/models`, and for inspection from other processes `GET /__ledger`, `GET /__stats`, `POST /__reset`.
 * Thousands of delayed requests at once are fine: each is one timer.
 *
 * Throws `TypeError` for rules that cannot work, and the system's error when the port is taken.
 */
export async function startScriptedModelServer(options: ScriptedModelServerOptions): Promise<ScriptedModelServer> {
  assertRules(options.rules);
  const ledger = new Ledger(options.ledgerFile ?? null);
  const conversation = new ScriptedConversation(ledger, options.rules, options.default ?? null);
  const models = options.models === undefined ? ["scripted-root", "scripted-sub"] : options.models;
  let requiredKey = options.requireKey ?? null;
  const reset = (): void => {
    ledger.reset();
    conversation.resetFaults();
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const route = `${request.method} ${(request.url ?? "").split("?")[0]?.replace(/^\/v1(?=\/)/, "")}`;
    if (route === "GET /__ledger") return sendJson(response, 200, ledger.rows());
    if (route === "GET /__stats") return sendJson(response, 200, ledger.stats());
    if (route === "POST /__reset") return reset(), sendJson(response, 200, { ok: true });
    if (requiredKey !== null && request.headers.authorization !== `Bearer ${requiredKey}`) {
      return sendError(response, 401, "invalid_api_key", "Incorrect API key provided.");
    }
    if (route === "GET /models" && models !== null) {
      return sendJson(response, 200, { object: "list", data: models.map((id) => ({ id, object: "model", owned_by: "scripted" })) });
    }
    if (route === "POST /chat/completions") return conversation.answer(request, response, "chat");
    if (route === "POST /responses") return conversation.answer(request, response, "responses");
    return sendError(response, 404, "not_found", `The scripted model server has no ${route}.`);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendError(response, 500, "script_failed", `The scripted model server failed: ${String(error)}`);
      else response.destroy();
    });
  });
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    // The default backlog of 511 makes a burst of 1,000 connections wait a second for a retransmit.
    server.listen({ host: "127.0.0.1", port: options.port ?? 0, backlog: 4096 }, resolve);
  });
  const { port } = server.address() as AddressInfo;

  const close = async (): Promise<void> => {
    if (!server.listening) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  };
  return {
    url: `http://127.0.0.1:${port}/v1`,
    stats: () => ledger.stats(),
    ledger: () => ledger.rows(),
    reset,
    setRules: (rules) => conversation.setRules(rules),
    setRequiredKey: (key) => void (requiredKey = key),
    close,
    [Symbol.asyncDispose]: close,
  };
}
