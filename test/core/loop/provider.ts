import { hashCallRequest, sha256, type CallPosition } from "../../../src/journal/call-key.js";
import { kindOf, must, type Fault, type Parts } from "./parts.js";

type Position = Omit<CallPosition, "runUid">;

/** The model provider, the tools and the store of their replies. Its books are what was really answered, whatever the loop believes. */
export class Provider {
  answered = 0;
  failed = 0;
  toolCalls = 0;
  readonly #replies = new Map<string, string>();

  /** @param badEvery one sub-call of so many fails for good; 0: none */
  constructor(private readonly badEvery: number, private readonly parts: Parts) {}

  key(position: Position, prompt: string): string {
    return this.parts.key({ runUid: "run", ...position }, hashCallRequest(kindOf(prompt) === "tool" ? { kind: "tool", tool: "t", args: prompt } : { kind: "llm", prompt, model: null }));
  }

  reply(position: Position, prompt: string): string | undefined {
    return this.#replies.get(this.key(position, prompt));
  }

  isBad(prompt: string): boolean {
    return this.badEvery > 0 && kindOf(prompt) === "llm" && parseInt(sha256(prompt).slice(0, 6), 16) % this.badEvery === 0;
  }

  /** The calls of a suspension, until every one is settled; those that a worker took with it are made by another. */
  settle(calls: readonly (readonly [key: string, prompt: string])[], fault: Fault): void {
    const inOrder = fault === "reordered" ? [...calls].reverse() : calls;
    // The others were in flight: sent, and nobody is there to hear the answer.
    if (fault === "cut") for (const call of inOrder.slice(0, calls.length >> 1)) this.#once(call, true);
    for (const [i, call] of inOrder.entries()) this.#once(call, !(this.parts.acknowledgeUnstored && fault === "lost" && i === calls.length - 1));
    if (fault === "twice") for (const call of inOrder) this.#once(call, true);
  }

  #once([key, prompt]: readonly [string, string], stored: boolean): void {
    if (this.parts.looksUp && this.#replies.has(key)) return;
    must(!this.#replies.has(key), "a call that was answered is sent again");
    if (stored) this.#replies.set(key, this.isBad(prompt) ? "LlmError" : `answer to ${prompt}`);
    if (kindOf(prompt) === "tool") this.toolCalls += 1;
    else if (this.isBad(prompt)) this.failed += 1;
    else this.answered += 1;
  }
}
