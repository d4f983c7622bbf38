import { setTimeout as sleep } from "node:timers/promises";
import { childPids } from "../helpers/child-pids.js";
import { TestCluster } from "../helpers/cluster.js";
import type { TestWorker } from "../helpers/test-worker.js";
import type { Blow } from "./aims.js";
import { DRAIN_MS, FREEZES_MS, LEAST_WORKERS, SUPERVISOR_PAUSE_MS, WORKERS } from "./knobs.js";
import type { Random } from "./random.js";
import { Timeline } from "./timeline.js";
import type { Struck } from "./timeline.js";

/** A server, a store and some workers, and the means to strike them. What was killed is replaced at once. */
export class World implements AsyncDisposable {
  readonly timeline = new Timeline();
  /** Every process that there ever was: workers, sandboxes. */
  readonly pids = new Set<number>();
  /** Workers that were. */
  readonly killed = new Set<number>();
  readonly #frozen = new Set<TestWorker>();
  readonly #replacing = new Set<Promise<unknown>>();
  #replaceError: Error | null = null;

  private constructor(readonly cluster: TestCluster, private readonly env: Record<string, string>) {}

  static async start(env: Record<string, string>): Promise<World> {
    const world = new World(await TestCluster.start(), env);
    await Promise.all(Array.from({ length: WORKERS }, () => world.#startWorker()));
    return world;
  }

  /** Workers that run. Nothing may be struck when there are fewer than two, or one of them could never work. */
  get ready(): readonly TestWorker[] {
    return [...this.cluster.workers].filter((worker) => !this.#frozen.has(worker));
  }

  get mayBeStruck(): boolean {
    return this.ready.length >= LEAST_WORKERS;
  }

  workerOf(workerId: string): TestWorker | null {
    return this.ready.find((worker) => worker.workerId === workerId) ?? null;
  }

  /** Strikes now. `struck` is told as soon as the blow has fallen; the end of a freeze is entered later. */
  async strike(blow: Blow, worker: TestWorker | null, random: Random, struck: Omit<Struck, "blow" | "victim" | "atMs" | "endedAtMs">): Promise<void> {
    const entry = (): Struck => this.timeline.add({ ...struck, blow, victim: worker?.workerId ?? "server", atMs: Date.now(), endedAtMs: null });
    for (const { pid } of this.cluster.workers) for (const child of [pid, ...childPids(pid)]) this.pids.add(child);
    if (blow === "kill server") {
      const { temporal } = this.cluster;
      const down = entry();
      await temporal.kill();
      await temporal.restart();
      down.endedAtMs = Date.now();
      this.timeline.note("the server is back");
    } else if (worker === null) throw new Error(`${blow} needs a worker.`);
    else if (blow === "kill worker") {
      const killed = entry();
      this.killed.add(worker.pid);
      await worker.kill();
      // What it had sent may still be in the model server's sockets; a busy machine reads it late.
      await sleep(DRAIN_MS);
      killed.endedAtMs = Date.now();
      this.#replace();
    } else if (blow === "kill sandbox") {
      entry();
      for (const pid of childPids(worker.pid)) process.kill(pid, "SIGKILL");
    } else {
      const frozen = entry();
      worker.signal("SIGSTOP");
      this.#frozen.add(worker);
      this.#inBackground(this.#thaw(worker, frozen, random.pick(FREEZES_MS)));
    }
  }

  /** Resolves when everything that was struck is replaced or awake. */
  async settled(): Promise<void> {
    while (this.#replacing.size > 0) await Promise.all(this.#replacing);
    if (this.#replaceError !== null) throw this.#replaceError;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#replacing);
    await this.cluster[Symbol.asyncDispose]();
  }

  async #thaw(worker: TestWorker, frozen: Struck, forMs: number): Promise<void> {
    await sleep(forMs);
    worker.signal("SIGCONT");
    frozen.endedAtMs = Date.now();
    this.#frozen.delete(worker);
    this.timeline.note(`${worker.workerId} is awake after ${forMs} ms`);
  }

  #replace(): void {
    this.#inBackground(this.#startWorker());
  }

  #inBackground(work: Promise<void>): void {
    const tracked: Promise<void> = work.catch((error: unknown) => void (this.#replaceError ??= error as Error)).finally(() => this.#replacing.delete(tracked));
    this.#replacing.add(tracked);
  }

  async #startWorker(): Promise<void> {
    const sinceMs = Date.now();
    const worker = await this.cluster.startWorker(this.env).catch((error: unknown) => {
      if (!this.timeline.struck.some(({ blow, endedAtMs }) => blow === "kill server" && (endedAtMs ?? Infinity) >= sinceMs)) throw error;
      return null;
    });
    // The server was away: whoever supervises a worker starts it again.
    if (worker === null) return sleep(SUPERVISOR_PAUSE_MS).then(() => this.#startWorker());
    this.pids.add(worker.pid);
    this.timeline.note(`${worker.workerId} is ready (pid ${worker.pid})`);
  }
}
