import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BudgetView, HostCall, HostCallOutcome } from "../../src/core/cell.js";
import { createSandboxFactory, type SandboxFactoryOptions } from "../../src/repl/sandbox-factory.js";
import type { CellRun, FinishedStep, JournalEntry, Session, SessionConfig, SessionFactory, SessionInput, SuspendedStep } from "../../src/repl/session.js";
import { seedWorkDir, sharedBaseImage } from "../helpers/shared-base-image.js";

export const BUDGET: BudgetView = { turn: 1, maxIterations: 10, llmCallsUsed: 0, maxLlmCalls: 50, tokensLeft: null, usdLeft: null, msLeft: null };
const CONFIG = { outputNames: ["answer"], maxOutputChars: 10_000, seed: "seed" };

/** A real factory in a temporary directory, with its base image; disposing of it ends every session it made. */
export class SandboxFixture implements AsyncDisposable {
  readonly sessions: Session[] = [];

  private constructor(readonly directory: string, readonly factory: SessionFactory & AsyncDisposable, readonly base: Uint8Array) {}

  static async open(options: Partial<SandboxFactoryOptions> = {}, base?: Uint8Array): Promise<SandboxFixture> {
    const directory = mkdtempSync(join(tmpdir(), "rlm-sandbox-"));
    await seedWorkDir(join(directory, "sessions"));
    const factory = await createSandboxFactory({ workDir: join(directory, "sessions"), ...options });
    return new SandboxFixture(directory, factory, base ?? (options.packages === undefined ? (await sharedBaseImage()).part : await factory.createBaseImage()).bytes);
  }

  async restore(parts: readonly Uint8Array[] = [this.base], inputs: readonly SessionInput[] = []): Promise<Session> {
    const session = await this.factory.restore({ parts, inputs });
    this.sessions.push(session);
    return session;
  }

  /** A new session after `begin`, and the chain of its snapshots so far. */
  async begin(inputs: readonly SessionInput[] = [], config: Partial<SessionConfig> = {}): Promise<Chain> {
    const session = await this.restore();
    const { snapshot } = await session.start({ config: { ...CONFIG, ...config }, inputs });
    return new Chain(session, [this.base, snapshot.bytes]);
  }

  /** Restores the chain in another process. */
  async reopen(chain: Chain, inputs: readonly SessionInput[] = []): Promise<Chain> {
    return new Chain(await this.restore(chain.parts, inputs), [...chain.parts]);
  }

  input(name: string, kind: SessionInput["kind"], content: string | Uint8Array): SessionInput {
    const digest = createHash("sha256").update(content).digest("hex");
    const path = join(this.directory, digest);
    writeFileSync(path, content);
    return { name, kind, digest, path };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.sessions) await session[Symbol.asyncDispose]();
    await this.factory[Symbol.asyncDispose]();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** A session together with the parts it has written. */
export class Chain {
  constructor(readonly session: Session, readonly parts: Uint8Array[]) {}

  async run(code: string, options: Partial<CellRun> = {}): Promise<FinishedStep> {
    const step = await this.execute(code, options);
    if (step.status !== "finished") throw new Error(`the cell suspended: ${JSON.stringify(step.request)}`);
    return step;
  }

  async execute(code: string, options: Partial<CellRun> = {}): Promise<SuspendedStep | FinishedStep> {
    return this.#keep(await this.session.exec({ code, budget: BUDGET, journal: [], cellTimeoutMs: 30_000, ...options }));
  }

  async resume(outcome: HostCallOutcome): Promise<SuspendedStep | FinishedStep> {
    return this.#keep(await this.session.resume(outcome));
  }

  /** Output of a cell without error. */
  async print(expression: string): Promise<string> {
    const { result } = await this.run(`print(${expression})`);
    if (result.error !== null) throw new Error(`${result.error.type}: ${result.error.message}`);
    return result.output.head.trim();
  }

  #keep<T extends SuspendedStep | FinishedStep>(step: T): T {
    if (step.status === "finished") {
      this.parts.length = step.snapshot.keptParts;
      this.parts.push(step.snapshot.bytes);
    }
    return step;
  }
}

export function suspended(step: SuspendedStep | FinishedStep): SuspendedStep {
  if (step.status !== "suspended") throw new Error(`the cell finished: ${JSON.stringify(step.result)}`);
  return step;
}

export function finished(step: SuspendedStep | FinishedStep): FinishedStep {
  if (step.status !== "finished") throw new Error(`the cell suspended: ${JSON.stringify(step.request)}`);
  return step;
}

/** Prompt of a sub-call; arguments of a tool; task of a child run. */
export function promptOf(call: HostCall | undefined): string {
  if (call === undefined) throw new Error("there is no such call");
  if (call.kind === "rlm") return call.task;
  return call.kind === "llm" ? call.prompt : call.args;
}

/** Answers every call of a suspension with a text made of its prompt. */
export function answerTo({ request }: SuspendedStep, llmCallsUsed = 1): HostCallOutcome {
  return { outcomes: request.calls.map((call) => ({ text: `re: ${promptOf(call)}` })), llmCallsUsed };
}

export function journalEntry(step: SuspendedStep, outcome: HostCallOutcome): JournalEntry {
  return { reads: step.reads, requestHash: step.requestHash, outcome };
}
