import type { BlobRef } from "../core/blob-ref.js";
import { NO_RETRIES, type CallRetries, type StoredReply } from "../core/trajectory.js";
import { findModelSettings } from "../core/model-settings.js";
import type { RunSpec } from "../core/run-spec.js";
import { NO_USAGE } from "../core/usage.js";
import type { Observe } from "../core/work-fact.js";
import { readPackCall, readPackHeader, type ReadPackHeader } from "../journal/pack.js";
import type { ReplyScope, ReplyStore } from "../journal/reply-store.js";
import { ModelCallError } from "../model/errors.js";
import type { ModelClient, ModelReply, ModelRequest } from "../model/model-client.js";
import { packFor } from "../prompts/pack-for.js";
import type { TypeSpec } from "../core/signature.js";
import { attemptKey } from "../journal/call-key.js";
import { askForValue, schemaRequest } from "./schema-call.js";
import { renderSubCallMessages } from "../prompts/render-sub-call-messages.js";
import type { BlobStore } from "../store/blob-store.js";
import { FailedTries, longerOf, retriesPart } from "./failed-tries.js";
import { modelCallFact } from "./model-call-fact.js";
import { SharedCall } from "./shared-call.js";

export interface ModelCallerDeps {
  readonly store: BlobStore;
  readonly replies: ReplyStore;
  readonly client: ModelClient;
  readonly nowMs: () => number;
  /** @default nobody is told */
  readonly observe?: Observe;
}

/** A call to make; `rejectionIsOutcome`: store a refusal of the provider as the call's outcome instead of throwing it. */
export interface KeyedCall {
  readonly scope: ReplyScope;
  readonly key: string;
  readonly request: ModelRequest;
  readonly rejectionIsOutcome: boolean;
  /** Why the call must not be sent at all; takes the place of the provider's refusal. @default none */
  readonly refusal?: ModelCallError | null;
}

export interface CallWatch {
  readonly signal?: AbortSignal;
  readonly onProgress?: (receivedChars: number) => void;
  /** Tries before this one, perhaps in other processes; told with the outcome. @default none */
  readonly earlier?: CallRetries;
}

/**
 * Makes a model call at most once per key: looks the reply up, joins a call with the same key that is under way in this process, else sends it
 * and stores the reply before it returns.
 *
 * A sub-call that the provider refuses for good is stored as well: it is that call's outcome, and a replay must see the same.
 * All other failures are thrown (`ModelCallError`).
 */
export class ModelCaller {
  readonly #underWay = new Map<string, SharedCall<StoredReply>>();
  /** Replies that were received and could not be stored (disk full): the next try stores them, it does not pay for them again. */
  readonly #unsaved = new Map<string, StoredReply>();
  readonly #failedTries = new FailedTries();

  constructor(private readonly deps: ModelCallerDeps) {}

  /** Overlapping duplicates happen when a server that was killed hands out an activity twice: they join. */
  call(call: KeyedCall, watch: CallWatch = {}): Promise<StoredReply> {
    return this.#once(call, watch, (shared) => this.#send(call, shared));
  }

  /** A sub-call that must answer with a value of a type: its reply is checked and repaired, and the value stored as the outcome of the call. */
  async callForValue(type: TypeSpec, call: KeyedCall, watch: CallWatch = {}): Promise<StoredReply> {
    return this.#once(call, watch, async ({ earlier = NO_RETRIES, ...shared }) => {
      const startedAtMs = this.deps.nowMs();
      const { retries, ...made } = await askForValue(type, call.request.messages, (messages, attempt) =>
        this.call({ ...call, key: attemptKey(call.key, attempt), request: { ...call.request, messages } }, shared),
      );
      return { v: 1, key: call.key, ...made, startedAtMs, durationMs: this.deps.nowMs() - startedAtMs, ...retriesPart(longerOf(retries, earlier)) };
    });
  }

  /** One call of a suspension; the sub-model answers where the cell named no model. */
  async callOfPack(runUid: string, pack: BlobRef, index: number, models: RunSpec["models"], watch: CallWatch = {}): Promise<StoredReply> {
    return this.callOfHeader(runUid, pack, await readPackHeader(this.deps.store, pack), index, models, watch);
  }

  async callOfHeader(
    runUid: string,
    pack: BlobRef,
    header: ReadPackHeader,
    index: number,
    models: RunSpec["models"],
    watch: CallWatch = {},
  ): Promise<StoredReply> {
    const { body: prompt, name: asked, key, schema } = await readPackCall(this.deps.store, pack, header, index);
    const model = asked ?? models.sub;
    const settings = findModelSettings(models.settings, model);
    const prompts = packFor(settings.model ?? model);
    const keyed = { scope: { runUid, turn: header.turn, seq: header.seq }, key, rejectionIsOutcome: true, refusal: refusalOf(models, model) };
    if (schema === undefined) return this.call({ ...keyed, request: { model, messages: renderSubCallMessages(prompt, prompts), settings } }, watch);
    return this.callForValue(schema, { ...keyed, request: schemaRequest(schema, prompt, { model, settings, prompts }) }, watch);
  }

  #once(call: Pick<KeyedCall, "scope" | "key">, watch: CallWatch, make: (watch: CallWatch) => Promise<StoredReply>): Promise<StoredReply> {
    const underWay = this.#underWay.get(call.key);
    if (underWay !== undefined) return underWay.join(watch.signal);
    const shared = new SharedCall((signal) => this.#settle(call, () => make({ ...watch, signal })).finally(() => this.#underWay.delete(call.key)));
    this.#underWay.set(call.key, shared);
    return shared.join(watch.signal);
  }

  async #settle({ scope, key }: Pick<KeyedCall, "scope" | "key">, make: () => Promise<StoredReply>): Promise<StoredReply> {
    const stored = (await this.deps.replies.find(scope, [key])).byKey.get(key);
    if (stored !== undefined) return stored;
    const reply = this.#unsaved.get(key) ?? (await make());
    this.#unsaved.set(key, reply);
    await this.deps.replies.put(scope, reply);
    this.#unsaved.delete(key);
    return reply;
  }

  async #send(call: KeyedCall, watch: CallWatch): Promise<StoredReply> {
    const { client, nowMs } = this.deps;
    const { key, request, rejectionIsOutcome, refusal } = call;
    const startedAtMs = nowMs();
    const sending = refusal == null ? this.#observed(call, client.complete(request, { ...watch, idempotencyKey: key }), startedAtMs) : Promise.reject(refusal);
    const answered = await sending.catch((error: unknown) => {
      if (rejectionIsOutcome && error instanceof ModelCallError && error.errorClass === "rejected") return error;
      if (error instanceof ModelCallError) this.#failedTries.add(key, error);
      throw error;
    });
    const retries = longerOf(this.#failedTries.of(key), watch.earlier ?? NO_RETRIES);
    const base = { v: 1 as const, key, startedAtMs, durationMs: nowMs() - startedAtMs, ...retriesPart(retries) };
    return answered instanceof ModelCallError
      ? { ...base, outcome: { error: { kind: answered.kind, message: answered.message.slice(0, 1000) } }, model: request.model, usage: NO_USAGE }
      : { ...base, outcome: { text: answered.text, finishReason: answered.finishReason }, model: answered.model, usage: answered.usage };
  }

  #observed(call: KeyedCall, sending: Promise<ModelReply>, startedAtMs: number): Promise<ModelReply> {
    const { observe, nowMs } = this.deps;
    if (observe === undefined) return sending;
    const tell = (ended: unknown): void => observe(modelCallFact(call, ended, { startedAtMs, durationMs: nowMs() - startedAtMs }));
    void sending.then(tell, tell);
    return sending;
  }
}

/** The cell may name the run's own models and those of the allow-list; it is model-written code and must not choose what is paid. */
function refusalOf({ root, sub, allowed }: RunSpec["models"], model: string): ModelCallError | null {
  const names = [...new Set([sub, root, ...allowed])];
  if (names.includes(model)) return null;
  return new ModelCallError(`Model "${model.slice(0, 80)}" may not be used in this run; use one of: ${names.join(", ")}.`, "rejected", "model_not_allowed");
}
