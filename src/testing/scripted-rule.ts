/** A request as a rule sees it: the wire format reduced to what scripts need. */
export interface ScriptedRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  /** All system (and developer) messages, joined by newlines. */
  readonly system: string;
  /** The last user message; empty when there is none. */
  readonly last: string;
  /** Number of assistant messages plus one. Read from the conversation, so a retry or a replay of a call gets the same number. */
  readonly turn: number;
  /** Random, new for every request that arrives: put it into a reply and a call sent twice gives a different answer. */
  readonly nonce: string;
  /** Groups of `when.last` (else `when.any`) where that is a RegExp. */
  readonly groups: readonly string[];
  readonly idempotencyKey: string | null;
  /** The JSON Schema that the reply is to keep to (`response_format`, or `text.format`); `null`: none was sent. */
  readonly responseSchema: unknown;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/**
 * A reply. In a string `{{nonce}}`, `{{turn}}`, `{{model}}` and `{{1}}`…`{{9}}` (groups) are filled in.
 * A function that throws answers 400 `script_failed` with its message.
 */
export type ScriptedReply = string | ((request: ScriptedRequest) => string | Promise<string>);

/** Conditions of a rule; all that are given must hold. A string is a substring, a RegExp is searched. */
export interface ScriptedCondition {
  readonly system?: string | RegExp;
  /** Against the last user message. */
  readonly last?: string | RegExp;
  /** Against all messages joined by newlines. */
  readonly any?: string | RegExp;
  /** The exact model name, or a RegExp. */
  readonly model?: string | RegExp;
  /** One turn, or `[first, last]`. */
  readonly turn?: number | readonly [first: number, last: number];
}

/** How an exchange goes wrong. Without `times` and `every` it always does. */
export type ScriptedFault = (
  /** An error status; `body` is sent as JSON. @default an OpenAI-shaped error */
  | { readonly type: "status"; readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>>; readonly retryAfter?: number | string }
  /** No answer until the client goes away. `afterChars`: a stream that stalls after so many characters of the reply. */
  | { readonly type: "hang"; readonly afterChars?: number }
  /** The connection is cut, before the answer or after `afterChars` characters of it. */
  | { readonly type: "reset"; readonly afterChars?: number }
  /** The answer ends early but properly on the wire: no finish reason, no `[DONE]`. @default half of it */
  | { readonly type: "truncate"; readonly afterChars?: number }
  /** The body is not JSON in mid-answer. */
  | { readonly type: "malformed" }
  /** 200 with an empty body. */
  | { readonly type: "empty" }
  /** A complete body whose `choices` is empty. */
  | { readonly type: "no_choices" }
) & {
  /** Only the first so many matches. */
  readonly times?: number;
  /** Only every n-th match. */
  readonly every?: number;
  /** What matches are counted over: the rule, or each distinct request body (so `times: 2` fails every call twice). @default "rule" */
  readonly per?: "rule" | "body";
};

/** Tokens reported for an answer. @default a quarter of the characters, nothing cached */
export interface ScriptedUsage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cachedTokens?: number;
}

/** The first rule whose conditions hold answers. */
export interface ScriptedRule {
  /** Appears in the ledger and in the statistics. */
  readonly name: string;
  readonly when?: ScriptedCondition;
  /** The answer to every matching request. Exactly one of `reply` and `turns`. */
  readonly reply?: ScriptedReply;
  /** The answer by `request.turn`. When the script runs out, the server answers 404 with code `script_ended`. */
  readonly turns?: readonly ScriptedReply[];
  /** Time until the first byte. `[min, max]`: drawn from a hash of the body, the same for the same request. @default 0 */
  readonly delayMs?: number | readonly [min: number, max: number];
  readonly fault?: ScriptedFault;
  /** `false`: the server reports no usage at all. */
  readonly usage?: ScriptedUsage | false;
  /** @default "stop" */
  readonly finishReason?: string;
  /** Characters of one streamed chunk. @default 400 */
  readonly chunkChars?: number;
  /** Pause between streamed chunks. @default 0 */
  readonly chunkDelayMs?: number;
}
