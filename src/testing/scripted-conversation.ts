import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { FaultCounter } from "./fault-counter.js";
import type { Ledger, OpenRow } from "./ledger.js";
import { assertRules, matchRule } from "./match-rule.js";
import { parseCompletionBody, parseResponseBody, readBody, type CompletionBody } from "./read-request.js";
import { renderReply, ScriptEndedError } from "./render-reply.js";
import { openAiError, sendError, sendJson } from "./respond.js";
import type { ScriptedFault, ScriptedRequest, ScriptedRule } from "./scripted-rule.js";
import { hangUntilGone } from "./write-answer.js";
import { writeJsonCompletion, writeStreamedCompletion } from "./write-completion.js";
import { writeJsonResponse, writeStreamedResponse } from "./write-response.js";

/** How a request came: Chat Completions, or OpenAI's Responses API. */
export type ScriptedWire = "chat" | "responses";

const WIRES = {
  chat: { parse: parseCompletionBody, name: "chat completion", writeJson: writeJsonCompletion, writeStreamed: writeStreamedCompletion },
  responses: { parse: parseResponseBody, name: "response", writeJson: writeJsonResponse, writeStreamed: writeStreamedResponse },
};

/** Plays the rules: one call of `answer` is one exchange and one row of the ledger. */
export class ScriptedConversation {
  readonly #faults = new FaultCounter();

  constructor(private readonly ledger: Ledger, private rules: readonly ScriptedRule[], private readonly fallback: Omit<ScriptedRule, "name" | "when"> | null) {}

  setRules(rules: readonly ScriptedRule[]): void {
    assertRules(rules);
    this.rules = rules;
  }

  resetFaults(): void {
    this.#faults.reset();
  }

  async answer(http: IncomingMessage, response: ServerResponse, wire: ScriptedWire): Promise<void> {
    const startedAtMs = Date.now();
    const raw = await readBody(http);
    let body: CompletionBody;
    try {
      body = WIRES[wire].parse(raw);
    } catch (error) {
      return sendError(response, 400, "invalid_body", `Not a ${WIRES[wire].name} request: ${(error as Error).message}`);
    }
    const gone = new AbortController();
    const asked = describe(body, headerOf(http, "idempotency-key"), gone.signal);
    const hit = matchRule(this.#rules(), asked);
    const bodySha256 = createHash("sha256").update(raw).digest("hex");
    const row = this.ledger.open({
      startedAtMs, bodySha256, idempotencyKey: asked.idempotencyKey, wire, model: body.model, stream: body.stream, rule: hit?.rule.name ?? null,
      turn: asked.turn, promptChars: promptCharsOf(body), lastUserTail: asked.last.slice(-200),
    });
    let answered = false;
    response.once("close", () => {
      gone.abort();
      this.ledger.close(row, { endedAtMs: Date.now(), aborted: !response.writableFinished && row.fault !== "reset", answered });
    });
    response.once("finish", () => (answered = row.status === 200 && row.fault === null));
    try {
      if (hit === null) refuseUnmatched(response, row, this.#rules(), asked);
      else await this.#play(hit.rule, { ...asked, groups: hit.groups }, body, row, response);
    } catch (error) {
      if (gone.signal.aborted) return;
      reportFailure(response, row, error);
    }
  }

  #rules(): readonly ScriptedRule[] {
    return this.fallback === null ? this.rules : [...this.rules, { ...this.fallback, name: "default" }];
  }

  async #play(rule: ScriptedRule, request: ScriptedRequest, body: CompletionBody, row: OpenRow, response: ServerResponse): Promise<void> {
    const delayMs = delayOf(rule, row.bodySha256);
    if (delayMs > 0) await sleep(delayMs, undefined, { signal: request.signal });
    const fault = this.#faults.next(rule, row.bodySha256);
    row.fault = fault?.type ?? null;
    if (fault?.type === "status") return sendFaultStatus(response, row, fault);
    if (fault?.type === "reset" && fault.afterChars === undefined) return void response.socket?.destroy();
    if (fault?.type === "hang" && fault.afterChars === undefined) return hangUntilGone(request.signal);
    const text = await renderReply(rule, request);
    row.status = 200;
    row.replyChars = text.length;
    const answer = {
      id: `${row.wire === "chat" ? "chatcmpl" : "resp"}-${row.seq}`, model: body.model, createdAtMs: row.startedAtMs, text, promptChars: row.promptChars,
      includeUsage: body.includeUsage, rule, fault, signal: request.signal,
    };
    const { writeJson, writeStreamed } = WIRES[row.wire];
    await (body.stream ? writeStreamed : writeJson)(response, answer);
  }
}

function describe(body: CompletionBody, idempotencyKey: string | null, signal: AbortSignal): ScriptedRequest {
  const textsOf = (...roles: string[]): string[] => body.messages.filter((message) => roles.includes(message.role)).map((message) => message.text);
  return {
    model: body.model,
    messages: body.messages,
    system: textsOf("system", "developer").join("\n"),
    last: textsOf("user").at(-1) ?? "",
    turn: textsOf("assistant").length + 1,
    nonce: randomBytes(8).toString("hex"),
    groups: [],
    idempotencyKey,
    responseSchema: body.responseSchema,
    signal,
  };
}

function refuseUnmatched(response: ServerResponse, row: OpenRow, rules: readonly ScriptedRule[], asked: ScriptedRequest): void {
  row.status = 404;
  const names = rules.map((rule) => rule.name).join(", ") || "none";
  sendError(response, 404, "no_rule", `NO RULE of the scripted model server matches request ${row.seq} `
    + `(model ${asked.model}, turn ${asked.turn}, last user message of ${asked.last.length} characters). Rules: ${names}. See lastUserTail in its ledger.`);
}

function sendFaultStatus(response: ServerResponse, row: OpenRow, fault: Extract<ScriptedFault, { type: "status" }>): void {
  row.status = fault.status;
  const body = fault.body ?? openAiError(fault.status, fault.status === 429 ? "rate_limit_exceeded" : `scripted_${fault.status}`, `scripted fault ${fault.status}`);
  sendJson(response, fault.status, body, { ...fault.headers, ...(fault.retryAfter !== undefined && { "retry-after": String(fault.retryAfter) }) });
}

function reportFailure(response: ServerResponse, row: OpenRow, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const ended = error instanceof ScriptEndedError;
  // Not a 5xx: that would be retried for ever, and a broken script should end the test.
  row.status = ended ? 404 : 400;
  sendError(response, row.status, ended ? "script_ended" : "script_failed", `The scripted model server: ${error instanceof Error ? error.message : String(error)}`);
}

function delayOf({ delayMs = 0 }: ScriptedRule, bodySha256: string): number {
  if (typeof delayMs === "number") return delayMs;
  const [min, max] = delayMs;
  return min + (parseInt(bodySha256.slice(0, 8), 16) / 0xffffffff) * (max - min);
}

function promptCharsOf(body: CompletionBody): number {
  return body.messages.reduce((sum, message) => sum + message.text.length, 0);
}

function headerOf(http: IncomingMessage, name: string): string | null {
  const value = http.headers[name];
  return typeof value === "string" ? value : null;
}
