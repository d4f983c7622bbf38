import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { ScriptedFault, ScriptedRule } from "./scripted-rule.js";

export interface CompletionToWrite {
  readonly id: string;
  readonly model: string;
  readonly createdAtMs: number;
  readonly text: string;
  readonly promptChars: number;
  readonly includeUsage: boolean;
  readonly rule: ScriptedRule;
  readonly fault: ScriptedFault | null;
  readonly signal: AbortSignal;
}

/** What a stream of one wire is made of, each part a finished server-sent event or several. */
export interface StreamParts {
  readonly beginning: string;
  /** The event for a piece of the text. */
  piece(text: string): string;
  /** An event that is no JSON, for the fault `malformed`. */
  readonly broken: string;
  /** What follows the text, told when all of that is written; empty where the fault leaves it out. */
  end(): string;
}

/** Writes a whole answer as one JSON document, or the faulty beginning of one. */
export async function writeJson(response: ServerResponse, answer: CompletionToWrite, document: object): Promise<void> {
  const { fault, text } = answer;
  const whole = Buffer.from(JSON.stringify(document));
  const sent = fault?.type === "malformed" ? Buffer.concat([whole.subarray(0, -1), Buffer.from(",,}")]) : whole.subarray(0, cutOf(fault, text.length, whole.length));
  response.writeHead(200, { "content-type": "application/json", "content-length": fault?.type === "reset" || fault?.type === "hang" ? whole.length : sent.length });
  response.write(sent);
  return finish(response, answer);
}

/** Writes an answer as server-sent events, or the faulty beginning of one. */
export async function writeStream(response: ServerResponse, answer: CompletionToWrite, parts: StreamParts): Promise<void> {
  const { fault, rule, text, signal } = answer;
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  if (fault?.type === "empty") return finish(response, answer);
  // Written together where the script wants no pauses: one packet instead of six.
  let pending = parts.beginning;
  const until = fault?.type === "malformed" ? text.length >> 1 : fault?.type === "no_choices" ? 0 : cutOf(fault, text.length, text.length);
  const chunkChars = Math.max(1, rule.chunkChars ?? 400);
  for (let at = 0; at < until; at += chunkChars) {
    if (at > 0 && rule.chunkDelayMs !== undefined) {
      response.write(pending);
      pending = "";
      await sleep(rule.chunkDelayMs, undefined, { signal });
    }
    pending += parts.piece(text.slice(at, Math.min(at + chunkChars, until)));
  }
  if (fault?.type === "malformed") pending += parts.broken;
  response.write(pending + parts.end());
  return finish(response, answer);
}

/** Never resolves; rejects when the client goes away. Does not keep the process alive. */
export async function hangUntilGone(signal: AbortSignal): Promise<void> {
  await sleep(2 ** 31 - 1, undefined, { signal, ref: false });
}

/** Ends the exchange the way the fault says. */
async function finish(response: ServerResponse, { fault, signal }: CompletionToWrite): Promise<void> {
  if (fault?.type === "hang") await hangUntilGone(signal);
  if (fault?.type === "reset") {
    // What was written so far must leave before the connection is cut, else the client sees a reset without a beginning.
    await new Promise<void>((resolve) => response.write(" ", () => resolve()));
    response.socket?.destroy();
    return;
  }
  response.end();
}

/** How much of `length` is written before a fault that cuts. */
function cutOf(fault: ScriptedFault | null, chars: number, length: number): number {
  if (fault?.type === "empty") return 0;
  if (fault?.type === "truncate") return Math.min(length, fault.afterChars ?? Math.floor(length / 2));
  if (fault?.type === "reset" || fault?.type === "hang") return Math.min(length, fault.afterChars ?? chars >> 1);
  return length;
}
