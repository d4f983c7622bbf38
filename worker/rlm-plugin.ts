import { NativeConnection, type Worker, type WorkerOptions, type WorkerPlugin } from "@temporalio/worker";
import { createWorker, type CreateWorkerOptions } from "./create-worker.js";

/**
 * Lets a Temporal worker that you have already host RLM runs as well: `Worker.create({ …, plugins: [new RlmPlugin({ tools })] })`. Beside yours, on the same
 * connection and namespace, it runs the workers of the runs, on queues of their own; they end with yours.
 */
export class RlmPlugin implements WorkerPlugin {
  readonly name = "durable-rlm";
  #host: Pick<WorkerOptions, "connection" | "namespace"> = {};

  constructor(private readonly options: Omit<CreateWorkerOptions, "connection" | "namespace"> = {}) {}

  configureWorker(options: WorkerOptions): WorkerOptions {
    this.#host = { ...(options.connection !== undefined && { connection: options.connection }), ...(options.namespace !== undefined && { namespace: options.namespace }) };
    return options;
  }

  async runWorker(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void> {
    const { connection, namespace } = this.#host;
    if (connection !== undefined && !(connection instanceof NativeConnection)) throw new TypeError("RlmPlugin needs a worker whose connection is a NativeConnection.");
    const beside = await createWorker({ ...this.options, ...(connection !== undefined && { connection }), ...(namespace !== undefined && { namespace }) });
    const running = beside.run();
    // Without the workers of the runs, the host would only seem to serve them.
    running.catch(() => worker.getState() === "RUNNING" && worker.shutdown());
    try {
      await next(worker);
    } finally {
      beside.shutdown();
      await running;
    }
  }
}
