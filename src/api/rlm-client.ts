import type { TemporalTarget } from "../client/connect-temporal.js";
import type { RunClient } from "../client/run-client.js";
import type { BlobRef } from "../core/blob-ref.js";
import type { RunSpec } from "../core/run-spec.js";
import type { TaskQueues } from "../core/wire.js";
import { packageNames, readPackageSet } from "../repl/packages/package-set.js";
import { sandboxQueues } from "./compose/sandbox-queues.js";
import { compose, type Composed } from "./compose/compose.js";
import { toByteStream, type InputStream } from "./input-data.js";
import { RunHandle } from "./run-handle.js";

export interface ConnectOptions {
  /** `host:port` of a Temporal server, whose workers do the work. @default what Temporal's own settings name, else the embedded stack, which is started where it is not up */
  readonly address?: string;
  /** @default "default" */
  readonly namespace?: string;
  readonly tls?: TemporalTarget["tls"];
  /** Of the Temporal server. */
  readonly apiKey?: TemporalTarget["apiKey"];
  /** Where inputs and replies lie: `file:///directory` or `s3://bucket/prefix`; the same one that the workers use. @default RLM_STORE, else in the home */
  readonly store?: string;
  /** Directory of the embedded stack. @default RLM_HOME */
  readonly home?: string;
  /** The model server, for the embedded stack; workers of your own have their own settings. @default OPENAI_BASE_URL and OPENAI_API_KEY */
  readonly openai?: { readonly baseURL?: string; readonly apiKey?: string };
  /** A step of the start that takes time, for people. */
  readonly onStep?: (line: string) => void;
}

/** A connection to the place where runs live. Close it, or write `await using client = await connect()`; an open one does not keep a program alive. */
export class RlmClient implements AsyncDisposable {
  private constructor(readonly composed: Composed) {}

  /** Reads the configuration, starts nothing: the server is looked for when it is first needed. */
  static async open({ address, namespace = "default", tls, apiKey, store, home, openai, onStep }: ConnectOptions = {}): Promise<RlmClient> {
    const composed = await compose({
      flags: { ...(store !== undefined && { store }), ...(home !== undefined && { home }) },
      env: { ...process.env, ...(openai?.baseURL !== undefined && { OPENAI_BASE_URL: openai.baseURL }), ...(openai?.apiKey !== undefined && { OPENAI_API_KEY: openai.apiKey }) },
      ...(address !== undefined && { temporal: { address, namespace, ...(tls !== undefined && { tls }), ...(apiKey !== undefined && { apiKey }) } }),
      ...(onStep !== undefined && { onStep }),
    });
    return new RlmClient(composed);
  }

  get runs(): RunClient {
    return this.composed.client;
  }

  /** Where runs of this version wait for workers. */
  get queues(): TaskQueues {
    return sandboxQueues(this.composed.env);
  }

  /** What the model is told of the sandbox's packages: a part of a run's spec. */
  get packages(): Pick<RunSpec, "packages"> {
    const packages = packageNames(readPackageSet(this.composed.config.packages ?? undefined));
    return packages.length === 0 ? {} : { packages };
  }

  /** A run by its id, wherever it was started. Its outputs are untyped here; `program.attach(id)` types them. */
  attach(workflowId: string): RunHandle<Readonly<Record<string, unknown>>> {
    return new RunHandle(workflowId, this, {});
  }

  /** Stores data once, so that many runs can be given `blob(ref)`. */
  put(data: string | Uint8Array | InputStream): Promise<BlobRef> {
    if (typeof data === "string") return this.runs.store.put(Buffer.from(data, "utf8"));
    return data instanceof Uint8Array ? this.runs.store.put(data) : this.runs.store.putStream(toByteStream(data));
  }

  /** Closes the connection; runs go on. */
  async close(): Promise<void> {
    await this.composed.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Connects to a Temporal server, or to the embedded stack when no address is known.
 * @throws TemporalUnreachableError, NamespaceNotFoundError, StackError, ConfigError
 */
export async function connect(options: ConnectOptions = {}): Promise<RlmClient> {
  const client = await RlmClient.open(options);
  await client.composed.server();
  return client;
}

let shared: Promise<RlmClient> | null = null;

/** The client of programs that name none: one a process, made when it is first needed, from the environment and `rlm.config.json`. */
export function sharedClient(): Promise<RlmClient> {
  return (shared ??= RlmClient.open().catch((error: unknown) => {
    shared = null;
    throw error;
  }));
}

/** Closes the shared client; the next use opens it anew. */
export async function close(): Promise<void> {
  const open = shared;
  shared = null;
  await (await open)?.close();
}

/** A run by its id, wherever it was started, through the shared client. */
export async function attach(workflowId: string): Promise<RunHandle<Readonly<Record<string, unknown>>>> {
  return (await sharedClient()).attach(workflowId);
}
