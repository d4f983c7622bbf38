import type { BlobRef } from "../core/blob-ref.js";
import type { StoredReply } from "../core/trajectory.js";
import { NO_USAGE } from "../core/usage.js";
import type { Observe } from "../core/work-fact.js";
import { readPackCall, readPackHeader } from "../journal/pack.js";
import type { ReplyStore } from "../journal/reply-store.js";
import type { BlobStore } from "../store/blob-store.js";
import { ToolAttemptError, ToolNotHostedError } from "../tools/errors.js";
import { runTool, type ToolEnd } from "../tools/run-tool.js";
import type { Tool } from "../tools/tool.js";
import { retriesPart } from "./failed-tries.js";
import { SharedCall } from "./shared-call.js";

export interface ToolCallerDeps {
  readonly store: BlobStore;
  readonly replies: ReplyStore;
  readonly tools: readonly Tool[];
  readonly nowMs: () => number;
  /** @default nobody is told */
  readonly observe?: Observe;
}

export interface ToolCall {
  readonly runUid: string;
  readonly workflowId: string;
  readonly pack: BlobRef;
  readonly index: number;
  /** Of the activity, from 1. */
  readonly attempt: number;
  /** Of the try before; `null`: it left none, or there was none. */
  readonly lastError: string | null;
}

/** Tries that ended with their process, beyond those that the tool is allowed: killed machines cost one or two, a tool that blocks or ends its process all. */
const MAX_LOST_TRIES = 4;

/** Longer results are a blob of their own, so that reply files stay small. */
const MAX_INLINE_CHARS = 256 * 1024;

/**
 * Runs tools, each call at most once per key as far as that can be known: a call with a stored outcome is not run again, one that is under way in this
 * process is joined. What a tool raised is an outcome too, once its own tries are used up.
 *
 * Throws `ToolAttemptError` (another try is due), `ToolNotHostedError`, the store's errors.
 */
export class ToolCaller {
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #underWay = new Map<string, SharedCall<StoredReply>>();
  /** Outcomes that could not be stored (disk full): the next try stores them, it does not run the tool again. */
  readonly #unsaved = new Map<string, StoredReply>();

  constructor(private readonly deps: ToolCallerDeps) {
    this.#tools = new Map(deps.tools.map((tool) => [tool.name, tool]));
  }

  async call(call: ToolCall, signal: AbortSignal): Promise<StoredReply> {
    const { store, replies } = this.deps;
    const header = await readPackHeader(store, call.pack);
    const { key, name, body } = await readPackCall(store, call.pack, header, call.index);
    const scope = { runUid: call.runUid, turn: header.turn, seq: header.seq };
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay.join(signal);
    const settle = async (shared: AbortSignal): Promise<StoredReply> => {
      const stored = (await replies.find(scope, [key])).byKey.get(key);
      if (stored !== undefined) return stored;
      const reply = this.#unsaved.get(key) ?? (await this.#run({ ...call, turn: header.turn }, key, name ?? "", body, shared));
      this.#unsaved.set(key, reply);
      await replies.put(scope, reply);
      this.#unsaved.delete(key);
      return reply;
    };
    const shared = new SharedCall((sharedSignal) => settle(sharedSignal).finally(() => this.#underWay.delete(key)));
    this.#underWay.set(key, shared);
    return shared.join(signal);
  }

  async #run({ runUid, turn, workflowId, attempt, lastError }: ToolCall & { readonly turn: number }, key: string, name: string, argsJson: string, signal: AbortSignal): Promise<StoredReply> {
    const tool = this.#tools.get(name);
    if (tool === undefined) {
      throw new ToolNotHostedError(`This worker does not host the tool ${name.slice(0, 80)}; it hosts ${[...this.#tools.keys()].join(", ") || "none"}. Start a worker with the run's own tools.`);
    }
    const startedAtMs = this.deps.nowMs();
    const end = attempt > tool.retry.maxAttempts + MAX_LOST_TRIES ? lostTries(name) : await runTool(tool, argsJson, { signal, idempotencyKey: key, attempt, workflowId });
    const durationMs = this.deps.nowMs() - startedAtMs;
    this.deps.observe?.({ type: "tool-call", runUid, turn, callKey: key, tool: name, outcome: "error" in end ? "failed" : "returned", startedAtMs, durationMs });
    const { maxAttempts, initialIntervalMs, maxIntervalMs } = tool.retry;
    if ("error" in end && (end.error.kind === "raised" || end.error.kind === "timeout") && attempt < maxAttempts) {
      throw new ToolAttemptError(`try ${attempt} of ${maxAttempts} of the tool ${name} failed (${end.error.kind})`, Math.min(maxIntervalMs, initialIntervalMs * 2 ** (attempt - 1)));
    }
    const outcome = "json" in end && end.json.length > MAX_INLINE_CHARS ? { jsonRef: await this.deps.store.put(Buffer.from(end.json, "utf8")) } : end;
    return { v: 1, key, outcome, model: name, usage: NO_USAGE, startedAtMs, durationMs, ...retriesPart({ count: attempt - 1, lastError }) };
  }
}

function lostTries(name: string): ToolEnd {
  return { error: { kind: "timeout", message: `${name} never returned: each time its process stood still or ended. Go on without it.` } };
}
