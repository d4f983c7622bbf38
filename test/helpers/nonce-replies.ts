import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { LedgerRow, ScriptedReply } from "../../src/testing/index.js";

/** Answers that differ from request to request: a call that were sent twice would change the run's answer. */
export class NonceReplies {
  readonly #byPrompt = new Map<string, string[]>();

  readonly reply: Exclude<ScriptedReply, string> = ({ last, nonce }) => {
    this.#byPrompt.set(last, [...(this.#byPrompt.get(last) ?? []), nonce]);
    return nonce;
  };

  /** The newest answer to a prompt. */
  answer(prompt: string): string {
    return this.#byPrompt.get(prompt)?.at(-1) ?? "(never asked)";
  }

  /** SHA-256 over the one answer to each prompt, in order, and a tail; the cells compute the same in Python. */
  digest(prompts: readonly string[], tail: string): string {
    const answers = prompts.map((prompt) => this.answer(prompt));
    return createHash("sha256").update([...answers, tail].join("|")).digest("hex");
  }
}

/** Python for `digest`. */
export const PYTHON_DIGEST = "import hashlib\ndef digest(answers, tail): return hashlib.sha256('|'.join([*answers, str(tail)]).encode()).hexdigest()";

/**
 * No answered call was sent again. An answer that left the server in the last moments before a kill may not have been stored: that window, and no
 * other, is allowed (decisions, "Accounting").
 */
export function expectNoAnsweredCallRepeated(ledger: readonly LedgerRow[], killedAtMs: readonly number[], windowMs = 250): void {
  const inWindow = ({ endedAtMs }: LedgerRow): boolean => endedAtMs !== null && killedAtMs.some((at) => endedAtMs > at - windowMs && endedAtMs <= at + windowMs);
  const answeredBefore = new Set<string>();
  for (const row of ledger) {
    const key = row.idempotencyKey ?? "(no key)";
    expect(answeredBefore.has(key), `request ${row.seq} (${row.rule}) repeats an answered call`).toBe(false);
    if (row.answered && !inWindow(row)) answeredBefore.add(key);
  }
}
