import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { BudgetView } from "../../src/core/cell.js";
import { createSandboxFactory } from "../../src/repl/sandbox-factory.js";
import type { CellRun, FinishedStep, Session, SessionFactory, SessionInput, StartedStep, SuspendedStep } from "../../src/repl/session.js";

const BUDGET: BudgetView = { turn: 1, maxIterations: 1000, llmCallsUsed: 0, maxLlmCalls: 100_000, tokensLeft: null, usdLeft: null, msLeft: null };
const CONFIG = { outputNames: ["answer"], maxOutputChars: 10_000, seed: "bench" };

/** A process that is started ahead is begun two seconds after the last restore, and takes half a second. */
const AHEAD_MS = 5_000;

/** Real sandboxes without Temporal: what the engine itself costs. */
export class Rig implements AsyncDisposable {
  readonly #sessions = new Set<Session>();

  private constructor(readonly directory: string, readonly factory: SessionFactory, private readonly ahead: SessionFactory & AsyncDisposable, readonly base: Uint8Array, readonly coldBootMs: number) {}

  static async open(): Promise<Rig> {
    const directory = await mkdtemp(join(tmpdir(), "rlm-bench-sandbox-"));
    const options = { workDir: join(directory, "sessions"), memoryLimitBytes: 3 * 2 ** 30 };
    const factory = await createSandboxFactory(options);
    const ahead = await createSandboxFactory({ ...options, spares: 1 });
    const { result: base, ms } = await timed(() => factory.createBaseImage());
    return new Rig(directory, factory, ahead, base.bytes, ms);
  }

  async input(name: string, content: Uint8Array): Promise<SessionInput> {
    const digest = createHash("sha256").update(content).digest("hex");
    const path = join(this.directory, digest);
    await writeFile(path, content);
    return { name, kind: "text", digest, path };
  }

  async boot(): Promise<Session> {
    return this.#own(await this.factory.restore({ parts: [this.base], inputs: [] }));
  }

  async begin(inputs: readonly SessionInput[] = [], booted?: Session): Promise<{ chain: BenchChain; started: StartedStep; ms: number }> {
    const session = booted ?? (await this.boot());
    const { result: started, ms } = await timed(() => session.start({ config: CONFIG, inputs }));
    return { chain: new BenchChain(session, [this.base, started.snapshot.bytes]), started, ms };
  }

  async restore({ parts }: BenchChain, inputs: readonly SessionInput[] = []): Promise<BenchChain> {
    return new BenchChain(this.#own(await this.factory.restore({ parts, inputs })), [...parts]);
  }

  /** The same in a process that was started ahead, as workers keep one. */
  async restoreAhead({ parts }: BenchChain, inputs: readonly SessionInput[] = []): Promise<BenchChain> {
    return new BenchChain(this.#own(await this.ahead.restore({ parts, inputs })), [...parts]);
  }

  /** Until `restoreAhead` finds its process. */
  async prepareAhead(): Promise<void> {
    await (await this.ahead.restore({ parts: [this.base], inputs: [] }))[Symbol.asyncDispose]();
    await setTimeout(AHEAD_MS);
  }

  async close(...chains: readonly BenchChain[]): Promise<void> {
    for (const { session } of chains) {
      this.#sessions.delete(session);
      await session[Symbol.asyncDispose]();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#sessions) await session[Symbol.asyncDispose]();
    await this.ahead[Symbol.asyncDispose]();
    await rm(this.directory, { recursive: true, force: true });
  }

  #own(session: Session): Session {
    this.#sessions.add(session);
    return session;
  }
}

/** A session with the parts it has written. */
export class BenchChain {
  constructor(readonly session: Session, readonly parts: Uint8Array[]) {}

  async exec(code: string, options: Partial<CellRun> = {}): Promise<SuspendedStep | FinishedStep> {
    const step = await this.session.exec({ code, budget: BUDGET, journal: [], cellTimeoutMs: 600_000, ...options });
    return step.status === "finished" ? this.#keep(step) : step;
  }

  async run(code: string, options: Partial<CellRun> = {}): Promise<FinishedStep> {
    const step = await this.exec(code, options);
    if (step.status !== "finished" || step.result.error !== null) throw new Error(`A cell of the bench did not end well: ${JSON.stringify(step).slice(0, 300)}`);
    return step;
  }

  #keep(step: FinishedStep): FinishedStep {
    this.parts.length = step.snapshot.keptParts;
    this.parts.push(step.snapshot.bytes);
    return step;
  }
}

export async function timed<T>(action: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const startedMs = performance.now();
  const result = await action();
  return { result, ms: performance.now() - startedMs };
}

/** The ordinary turn of the prototype's measurements: a few hundred objects more, a few hundred KB of temporaries. */
export function ordinaryTurn(i: number): string {
  return `import random
rows = globals().get("rows", [])
rows.extend({"id": i, "name": "user%d" % i, "v": i * 1.5} for i in range(200))
joined = "|".join(str(random.random()) for _ in range(500)); hits = ${i}`;
}
