import { Client, Connection } from "@temporalio/client";
import { waitForResult } from "../../src/client/read-result.js";
import { startRun } from "../../src/client/start-run.js";
import { DEFAULT_QUEUE_PREFIX, taskQueues } from "../../src/core/queues.js";
import type { RunLimits } from "../../src/core/run-limits.js";
import type { RunInputDescriptor } from "../../src/core/run-spec.js";
import { parseSignature } from "../../src/signature/parse-signature.js";
import { NAMESPACE } from "../../src/stack/server/server-ready.js";
import { LocalBlobStore } from "../../src/store/local-blob-store.js";
import { readHistory, type RunHistory } from "../run-history.js";
import type { Cleanup } from "./cleanup.js";
import { ROOT_MODEL, SUB_MODEL, startModelProcess, type ModelProcess } from "./model-process.js";
import { startNoopUnit, type MeasureNoop } from "./noop-unit.js";
import { tempDirectory } from "./temp-directory.js";
import { startTemporalServer, temporalCli, type TemporalServer } from "./temporal-server.js";
import { startWorkerProcess, type WorkerProcess } from "./worker-process.js";

const LIMITS: RunLimits = {
  maxIterations: 100, maxLlmCalls: 10_000, maxToolCalls: 1000, maxOutputChars: 10_000, cellTimeoutMs: 60_000, memoryLimitBytes: 2 ** 31, lazyTextAboveBytes: 1e9,
  maxConcurrency: 64, maxTokens: null, budgetUsd: null, timeoutMs: null, maxDepth: 0, onLimit: "extract",
};

/** The longest run of the bench takes seconds; one that takes this long never ends. */
const RUN_LIMIT_MS = 180_000;

export interface RunRequest {
  readonly inputs?: readonly RunInputDescriptor[];
  readonly limits?: Partial<RunLimits>;
}

export interface FinishedRun {
  /** Before the client was called. */
  readonly calledAtMs: number;
  readonly endedAtMs: number;
  readonly history: RunHistory;
}

/** A real Temporal server, the model server, a store and a client, each process its own; workers are started by the measurements. */
export class Cluster {
  #buildId: string | null = null;

  private constructor(
    readonly home: string,
    readonly cli: string,
    readonly temporal: TemporalServer,
    readonly model: ModelProcess,
    readonly store: LocalBlobStore,
    readonly client: Client,
    readonly measureNoop: MeasureNoop,
  ) {}

  static async start(cleanup: Cleanup, say: (line: string) => void): Promise<Cluster> {
    const cli = await temporalCli(say);
    const { directory } = tempDirectory(cleanup);
    const [temporal, model, store] = await Promise.all([startTemporalServer(cli, directory, cleanup), startModelProcess(cleanup), LocalBlobStore.open(`${directory}/store`)]);
    const { address } = temporal;
    const connection = await Connection.connect({ address });
    const client = new Client({ connection, namespace: NAMESPACE });
    const measureNoop = await startNoopUnit(client, address, NAMESPACE, cleanup);
    return new Cluster(directory, cli, temporal, model, store, client, measureNoop);
  }

  async startWorker(cleanup: Cleanup): Promise<WorkerProcess> {
    const { home, temporal: { address }, model } = this;
    const env = { HOME: home, RLM_HOME: home, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: NAMESPACE, OPENAI_BASE_URL: model.url };
    const worker = await startWorkerProcess(env, cleanup);
    this.#buildId = worker.buildId;
    return worker;
  }

  /** Starts a run of `text -> answer` with the script that the model server has; its id. */
  async start({ inputs = [], limits = {} }: RunRequest = {}): Promise<string> {
    if (this.#buildId === null) throw new Error("Start a worker first: it tells the sandbox build.");
    const signatureText = `${inputs.map(({ name }) => name).join(", ")}${inputs.length === 0 ? "question" : ""} -> answer`;
    const question: RunInputDescriptor[] = inputs.length === 0 ? [{ name: "question", kind: "text", ref: await this.store.put(Buffer.from("?")) }] : [];
    const { workflowId } = await startRun(this.runClient, {
      spec: {
        v: 1,
        signature: parseSignature(signatureText),
        inputs: [...inputs, ...question],
        models: { root: ROOT_MODEL, sub: SUB_MODEL, allowed: [], settings: {} },
        limits: { ...LIMITS, ...limits },
      },
      queues: taskQueues(DEFAULT_QUEUE_PREFIX, this.#buildId),
      signatureText,
    });
    return workflowId;
  }

  /** Waits for the end of a run that was started at `calledAtMs`. @throws Error when it was not answered, or takes too long */
  async finish(workflowId: string, calledAtMs: number): Promise<FinishedRun> {
    const { status, reason } = await waitForResult(this.runClient, workflowId, AbortSignal.timeout(RUN_LIMIT_MS));
    const endedAtMs = Date.now();
    if (status !== "answered") throw new Error(`Run ${workflowId} of the bench ended as ${status}: ${reason}`);
    return { calledAtMs, endedAtMs, history: await readHistory(this.client, workflowId) };
  }

  async run(request: RunRequest = {}): Promise<FinishedRun> {
    const calledAtMs = Date.now();
    return this.finish(await this.start(request), calledAtMs);
  }

  get runClient() {
    return { store: this.store, temporal: async () => this.client };
  }
}
