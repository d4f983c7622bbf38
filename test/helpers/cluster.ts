import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client, Connection } from "@temporalio/client";
import type { RunClient } from "../../src/client/run-client.js";
import { startRun } from "../../src/client/start-run.js";
import { waitForResult } from "../../src/client/read-result.js";
import type { ResultDocument } from "../../src/core/result.js";
import { DEFAULT_QUEUE_PREFIX, taskQueues } from "../../src/core/queues.js";
import type { RunTiming, TaskQueues } from "../../src/core/wire.js";
import type { SinkSpec } from "../../src/core/sink-spec.js";
import type { DirectStrategy } from "../../src/core/strategy.js";
import type { RunLimits } from "../../src/core/run-limits.js";
import type { RunInputDescriptor, RunSpec } from "../../src/core/run-spec.js";
import type { ToolsFile } from "../../src/tools/load-tools-file.js";
import { toolQueueName } from "../../src/tools/tool-queue.js";
import { toolSpecs } from "../../src/tools/tool-specs.js";
import { parseSignature } from "../../src/signature/parse-signature.js";
import { LocalBlobStore } from "../../src/store/local-blob-store.js";
import { startScriptedModelServer, type ScriptedModelServer, type ScriptedRule } from "../../src/testing/index.js";
import { seedHome } from "./shared-base-image.js";
import { startTestTemporalServer, type TestTemporalServer } from "./temporal-server.js";
import { startTestWorker, WORKER_PROGRAM, type TestWorker } from "./test-worker.js";

/** Noisy machines: a busy worker must not count as dead. */
const TIMING = { heartbeatTimeoutMs: 5000, sessionScheduleToStartMs: 4000 };

const TEST_LIMITS: RunLimits = {
  maxIterations: 10, maxLlmCalls: 50, maxToolCalls: 1000, maxOutputChars: 10_000, cellTimeoutMs: 60_000, memoryLimitBytes: 2 ** 31, lazyTextAboveBytes: 1e9,
  maxConcurrency: 64, maxTokens: null, budgetUsd: null, timeoutMs: null, maxDepth: 0, onLimit: "extract",
};

export interface RunRequest {
  readonly signature: string;
  readonly instructions?: string;
  readonly inputs?: Readonly<Record<string, string | Uint8Array>>;
  readonly json?: Readonly<Record<string, string>>;
  readonly limits?: Partial<RunLimits>;
  readonly models?: Partial<RunSpec["models"]>;
  readonly id?: string;
  readonly job?: string;
  readonly sinks?: readonly SinkSpec[];
  readonly strategy?: DirectStrategy;
  /** What the model is told of, and where its calls go. */
  readonly tools?: ToolsFile;
  readonly setup?: string;
  readonly timing?: Partial<RunTiming>;
}

/** A real Temporal server, a scripted model server, a store, and worker processes, all of one test file's own. */
export class TestCluster implements AsyncDisposable {
  /** Those that live. */
  readonly workers = new Set<TestWorker>();
  #buildId: string | null = null;

  private constructor(
    readonly home: string,
    readonly temporal: TestTemporalServer,
    readonly model: ScriptedModelServer,
    readonly store: LocalBlobStore,
    readonly client: RunClient & { readonly temporal: () => Promise<Client> },
    private readonly connection: Connection,
  ) {}

  /** @param dynamicConfig of the Temporal server @param prepareHome called with its directory before anything is in it */
  static async start({ dynamicConfig, prepareHome }: { readonly dynamicConfig?: Readonly<Record<string, string>>; readonly prepareHome?: (home: string) => Promise<void> } = {}): Promise<TestCluster> {
    const home = await mkdtemp(path.join(tmpdir(), "durable-rlm-cluster-"));
    await prepareHome?.(home);
    const [temporal, model, store] = await Promise.all([
      startTestTemporalServer(dynamicConfig),
      startScriptedModelServer({ rules: [] }),
      LocalBlobStore.open(path.join(home, "store")),
    ]);
    await seedHome(home);
    const connection = await Connection.connect({ address: temporal.address });
    const client = new Client({ connection, namespace: temporal.namespace });
    return new TestCluster(home, temporal, model, store, { store, temporal: async () => client }, connection);
  }

  /** Without a pool unless told otherwise: most tests use one session, and booting others would be much of their time. */
  async startWorker(env: Record<string, string> = {}, program: string = WORKER_PROGRAM): Promise<TestWorker> {
    const worker = await this.#spawn({ OPENAI_BASE_URL: this.model.url, RLM_POOL_SIZE: "0", ...env }, [program]);
    this.#buildId = worker.buildId;
    return worker;
  }

  async #spawn(env: Record<string, string>, program: readonly [string, ...string[]]): Promise<TestWorker> {
    const worker = await startTestWorker({
      RLM_HOME: this.home,
      TEMPORAL_ADDRESS: this.temporal.address,
      TEMPORAL_NAMESPACE: this.temporal.namespace,
      RLM_LOG_LEVEL: "warn",
      ...env,
    }, program);
    this.workers.add(worker);
    void worker.exited.then(() => this.workers.delete(worker));
    return worker;
  }

  /** The process that hosts the tools of a file. */
  async startToolWorker({ file, digest }: ToolsFile, env: Record<string, string> = {}): Promise<TestWorker> {
    return this.#spawn(env, ["worker/tool-main.js", file, digest]);
  }

  /** The root model's script: a cell a turn; `sub` answers everything else. */
  script(cells: readonly string[], sub: Omit<ScriptedRule, "name" | "when"> = { reply: "ok" }, root: Partial<ScriptedRule> = {}): void {
    const turns = cells.map((cell) => `Next step.\n\n\`\`\`python\n${cell}\n\`\`\``);
    this.model.reset();
    this.model.setRules([{ name: "root", when: { model: "scripted-root" }, turns, ...root }, { name: "sub", when: { model: "scripted-sub" }, ...sub }]);
  }

  /** The queues of this cluster's workers. */
  queues(): TaskQueues {
    if (this.#buildId === null) throw new Error("Start a worker first: it tells the sandbox build.");
    return taskQueues(DEFAULT_QUEUE_PREFIX, this.#buildId);
  }

  async start(request: RunRequest, client: RunClient = this.client): Promise<string> {
    const queues = { ...this.queues(), ...(request.tools !== undefined && { tools: toolQueueName(DEFAULT_QUEUE_PREFIX, request.tools.digest) }) };
    const put = async (name: string, kind: RunInputDescriptor["kind"], data: string | Uint8Array): Promise<RunInputDescriptor> => ({
      name, kind, ref: await this.store.put(typeof data === "string" ? Buffer.from(data, "utf8") : data),
    });
    const inputs = await Promise.all([
      ...Object.entries(request.inputs ?? {}).map(([name, data]) => put(name, typeof data === "string" ? "text" : "bytes", data)),
      ...Object.entries(request.json ?? {}).map(([name, text]) => put(name, "json", text)),
    ]);
    const { workflowId } = await startRun(client, {
      spec: {
        v: 1,
        signature: { ...parseSignature(request.signature), ...(request.instructions !== undefined && { instructions: request.instructions }) },
        inputs,
        models: { root: "scripted-root", sub: "scripted-sub", allowed: [], settings: {}, ...request.models },
        limits: { ...TEST_LIMITS, ...request.limits },
        ...(request.strategy !== undefined && { strategy: request.strategy }),
        ...(request.tools !== undefined && { tools: toolSpecs(request.tools.tools, inputs.map(({ name }) => name)) }),
        ...(request.setup !== undefined && { setup: request.setup }),
      },
      queues,
      signatureText: request.signature,
      workflowTaskTimeoutMs: 5000,
      timing: { ...TIMING, ...request.timing },
      ...(request.id === undefined ? {} : { workflowId: request.id }),
      ...(request.job !== undefined && { job: request.job }),
      ...(request.sinks !== undefined && { sinks: request.sinks }),
    });
    return workflowId;
  }

  async killWorkers(): Promise<void> {
    await Promise.all([...this.workers].map((worker) => worker.kill()));
  }

  result(workflowId: string): Promise<ResultDocument> {
    return waitForResult(this.client, workflowId);
  }

  async run(request: RunRequest): Promise<ResultDocument> {
    return this.result(await this.start(request));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.killWorkers();
    await this.connection.close();
    await Promise.all([this.temporal.stop(), this.model.close()]);
    await rm(this.home, { recursive: true, force: true });
  }
}
