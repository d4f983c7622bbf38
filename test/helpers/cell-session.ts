import type { BudgetView, CallOutcome, CellResult, HostCallOutcome, HostCallRequest, LlmCallRequest, RlmCallRequest, VariableDescription } from "../../src/core/cell.js";
import type { Session } from "../../src/repl/session.js";
import { runTool } from "../../src/tools/run-tool.js";
import type { Tool } from "../../src/tools/tool.js";
import { toolSpecs } from "../../src/tools/tool-specs.js";
import { SandboxFixture } from "../repl/sandbox-fixture.js";
import { atFileEnd } from "./file-end.js";

export interface CallRule {
  readonly maxLlmCalls?: number;
  /** Answers child runs and calls with a schema. @default `null` for each */
  readonly typed?: (call: LlmCallRequest | RlmCallRequest) => CallOutcome;
  /** Every call is answered with prefix + prompt; one whose prompt contains `fail_on` fails. @default prefix "A:" */
  readonly llm?: { readonly prefix: string; readonly fail_on?: string };
}

export interface CellSessionOptions extends CallRule {
  /** JSON text by name; a JSON string is bound as text, as the real inputs are. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Whether cells have `rlm_query`. @default false */
  readonly recursion?: boolean;
  readonly outputNames?: readonly string[];
  readonly optionalOutputNames?: readonly string[];
  readonly maxOutputChars?: number;
  readonly cellTimeoutMs?: number;
  readonly tools?: readonly Tool[];
  /** Limits that the run has beside its calls. @default none */
  readonly left?: Partial<Pick<BudgetView, "tokensLeft" | "usdLeft" | "msLeft">>;
}

/** A real sandbox session whose sub-calls are answered by a rule. */
export interface CellSession extends AsyncDisposable {
  /** What the model would be told about the inputs. */
  readonly variables: readonly VariableDescription[];
  /** Suspensions so far. */
  readonly requests: readonly HostCallRequest[];
  run(code: string): Promise<CellResult>;
  /** Deletes the user's variables and starts the count of calls again. */
  reuse(rule: CallRule): Promise<void>;
}

/** Small enough for a memory bomb to go off quickly. */
const MEMORY_LIMIT_BYTES = 2 ** 30;

let opened: Promise<SandboxFixture> | undefined;
let common: Promise<CellSession> | undefined;

export async function openCellSession(options: CellSessionOptions = {}): Promise<CellSession> {
  const fixture = await (opened ??= openForFile());
  const session = await fixture.restore();
  const inputs = Object.entries(options.inputs ?? {}).map(([name, text]) => {
    const value: unknown = text.startsWith('"') ? JSON.parse(text) : undefined;
    return typeof value === "string" ? fixture.input(name, "text", value) : fixture.input(name, "json", text);
  });
  const config = { recursion: options.recursion ?? false, tools: toolSpecs(options.tools ?? [], []), outputNames: options.outputNames ?? ["answer"], optionalOutputNames: options.optionalOutputNames ?? [], maxOutputChars: options.maxOutputChars ?? 10_000, seed: "seed" };
  const { variables } = await session.start({ config, inputs });
  return new RuledSession(session, variables, options);
}

/** What the tests of one file share. */
async function openForFile(): Promise<SandboxFixture> {
  const fixture = await SandboxFixture.open({ memoryLimitBytes: MEMORY_LIMIT_BYTES });
  atFileEnd(async () => {
    opened = common = undefined;
    await fixture[Symbol.asyncDispose]();
  });
  return fixture;
}

/** A session for tests that leave it in order: starting a process for each would be most of their time. */
export async function commonCellSession(rule: CallRule = {}): Promise<CellSession> {
  const session = await (common ??= openCellSession());
  await session.reuse(rule);
  return session;
}

class RuledSession implements CellSession {
  readonly requests: HostCallRequest[] = [];
  #turn = 0;
  #llmCallsUsed = 0;
  #rule: CallRule;

  constructor(readonly session: Session, readonly variables: readonly VariableDescription[], readonly options: CellSessionOptions) {
    this.#rule = options;
  }

  async run(code: string): Promise<CellResult> {
    this.#turn += 1;
    const left = { tokensLeft: null, usdLeft: null, msLeft: null, ...this.options.left };
    const budget = { turn: this.#turn, maxIterations: 10, llmCallsUsed: this.#llmCallsUsed, maxLlmCalls: this.#maxLlmCalls, ...left };
    let step = await this.session.exec({ code, budget, journal: [], cellTimeoutMs: this.options.cellTimeoutMs ?? 60_000 });
    while (step.status === "suspended") step = await this.session.resume(await this.#answer(step.request));
    return step.result;
  }

  async reuse(rule: CallRule): Promise<void> {
    await this.run("for name in SHOW_VARS(): globals().pop(name)\nname = None\ndel name");
    this.requests.length = 0;
    this.#llmCallsUsed = 0;
    this.#rule = rule;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session[Symbol.asyncDispose]();
  }

  get #maxLlmCalls(): number {
    return this.#rule.maxLlmCalls ?? 50;
  }

  async #callTool(name: string, args: string): Promise<CallOutcome> {
    const tool = this.options.tools?.find((each) => each.name === name);
    if (tool === undefined) throw new Error(`The sandbox called ${name}, which is no tool of the session.`);
    return runTool(tool, args, { signal: new AbortController().signal, idempotencyKey: "key", attempt: 1, workflowId: "w" });
  }

  async #answer(request: HostCallRequest): Promise<HostCallOutcome> {
    this.requests.push(request);
    const { prefix, fail_on: failOn } = this.#rule.llm ?? { prefix: "A:" };
    const asked = request.calls.filter(({ kind }) => kind === "llm").length;
    const used = this.#llmCallsUsed;
    if (used + asked > this.#maxLlmCalls) return { refused: { of: "llm", used, asked, max: this.#maxLlmCalls }, llmCallsUsed: used };
    const outcomes = await Promise.all(request.calls.map(async (call): Promise<CallOutcome> => {
      if (call.kind === "rlm" || (call.kind === "llm" && call.schema !== undefined)) return this.#rule.typed?.(call) ?? { json: "null" };
      if (call.kind === "tool") return this.#callTool(call.tool, call.args);
      return failOn !== undefined && call.prompt.includes(failOn) ? { error: { kind: "server_error", message: "the provider failed" } } : { text: prefix + call.prompt };
    }));
    this.#llmCallsUsed += outcomes.filter((outcome) => "text" in outcome).length;
    return { outcomes, llmCallsUsed: this.#llmCallsUsed };
  }
}
