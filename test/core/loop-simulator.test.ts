import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEvent, type RunEvent } from "../../src/core/apply-event.js";
import type { BlobRef } from "../../src/core/blob-ref.js";
import { nextStep, type Command, type PlanAhead } from "../../src/core/next-step.js";
import type { RunLimits } from "../../src/core/run-limits.js";
import { callsUsed, initialState, totalUsage, type RunState } from "../../src/core/run-state.js";
import type { CallRefusal } from "../../src/core/cell.js";
import { countCalls, totalCalls, type CallCounts } from "../../src/core/call-counts.js";
import type { JournalRef } from "../../src/core/wire.js";
import { callKey, hashCallRequest, sha256, type CallPosition } from "../../src/journal/call-key.js";

/**
 * What happens at a step of a session or of its calls. `lostAfter`: the work was done, only its result did not arrive; the session lives on as a
 * zombie. `fused`: no trouble, but a lone call and the resume after it are one activity.
 */
type Fault = "none" | "fused" | "lost" | "lostAfter" | "sandboxDied" | "diverge";
/** One turn of the root model: `batches` are the sub-calls and tool calls of the cell's suspensions; `slowSnapshot`: the result is told before it is durable; `null`: a reply without code. */
type Batch = { readonly llm: number; readonly tool: number };
type Turn = { readonly batches: readonly Batch[]; readonly submit: boolean; readonly slowSnapshot: boolean } | null;
interface Scenario { readonly turns: readonly Turn[]; readonly badEvery: number; readonly extractFails: number; readonly limits: RunLimits }
interface Answer { readonly refused: CallRefusal | null; readonly llmCallsUsed: number }
interface Pack { readonly digest: string; readonly seq: number; readonly prompts: readonly string[]; readonly prev: string | null; readonly previousAnswer: Answer | null }
interface Session { readonly epoch: number; readonly turn: number; readonly toldTurns: string; readonly deaths: number; seq: number; trace: string[]; waitsIn: Pack | null; packHead: string | null; newest: Answer | null }
interface Parts { readonly nextStep: typeof nextStep; readonly applyEvent: typeof applyEvent; readonly key: typeof callKey; readonly acknowledgeUnstored: boolean }
type Do<K extends Command["do"]> = Extract<Command, { do: K }>;

const REAL: Parts = { nextStep, applyEvent, key: callKey, acknowledgeUnstored: false };
const NOTHING: CallCounts = { llm: 0, tool: 0, rlm: 0 };
const kindOf = (prompt: string) => (prompt.startsWith("tool ") ? ("tool" as const) : ("llm" as const));
const ref = (digest: string): BlobRef => ({ digest, bytes: 1 });
const usage = (calls: number) => ({ inputTokens: 7 * calls, outputTokens: 3 * calls, cachedTokens: 0, costUsd: 0 });
const digestOf = (value: readonly string[]): string => sha256(JSON.stringify(value));
const planOf = (turn: number, toldTurns: string): BlobRef => ref(`plan ${turn} after ${toldTurns}`);
function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`broken: ${what}`);
}

/** Store, model provider and sandboxes in memory. A cell is a deterministic program whose `trace` holds all it ever saw. */
class World {
  answered = 0;
  failed = 0;
  toolCalls = 0;
  /** Turns that were lost between their result and their durable snapshot. */
  uncommittedLosses = 0;
  #extracts = 0;
  /** A cell was blamed for its sandbox's deaths, or a replay went another way: the outputs may differ then. */
  disturbed = false;
  readonly #faults: Fault[];
  readonly #replies = new Map<string, string>();
  readonly #packs = new Map<string, Pack>();
  /** Suspensions that the loop was told of, and how each was settled. */
  readonly #settled = new Map<string, "open" | "called" | "refused">();
  readonly #blobs = new Map<string, readonly string[]>();
  /** Root calls that were paid: each is found under its key when it is made again. */
  readonly #plans = new Set<string>();
  /** By digest of a turn's record: the state it left. */
  readonly #statesAfter = new Map<string, string>();
  readonly #generations = new Map<number, number>();
  #session: Session | null = null;
  #newestEpoch = 0;

  constructor(private readonly scenario: Scenario, faults: readonly Fault[], private readonly parts: Parts) {
    this.#faults = [...faults];
  }

  run() {
    let state = initialState(0);
    for (let steps = 0; steps < 3000; steps += 1) {
      const { command, state: decided } = this.parts.nextStep(state, this.scenario.limits, state.turn * 1000);
      this.#checkLedger(decided, command.do === "call" ? command.counts : NOTHING);
      if (command.do === "close") return this.#end(command, decided);
      state = this.#perform(command, decided).reduce((now, event) => this.parts.applyEvent(now, event), decided);
      this.#checkLedger(state, NOTHING);
    }
    throw new Error("broken: it does not end");
  }

  #end({ status, reason, outputsRef }: Do<"close">, { turn, executedCells }: RunState) {
    must(![...this.#settled.values()].includes("open"), "a suspension was never settled");
    const outputs = outputsRef === null ? null : this.#blobs.get(outputsRef.digest);
    return { status, reason, outputs, turn, executedCells, answered: this.answered, failed: this.failed };
  }

  #checkLedger(state: RunState, inFlight: CallCounts): void {
    const { calls, toolCalls } = state;
    const { inputTokens } = totalUsage(state);
    must(inputTokens === 7 * (this.#plans.size + this.answered + this.#extracts), `${this.#plans.size} root calls were paid, the books have ${inputTokens} tokens`);
    must(calls.inFlight === inFlight.llm, `${inFlight.llm} calls are in flight, the ledger says ${calls.inFlight}`);
    must(toolCalls.inFlight === inFlight.tool && toolCalls.settled === this.toolCalls, `${this.toolCalls} tool calls are settled, the ledger says ${JSON.stringify(toolCalls)}`);
    must(toolCalls.settled + toolCalls.inFlight <= this.scenario.limits.maxToolCalls, "more tool calls than allowed");
    must(calls.answered === this.answered && calls.failed === this.failed, `answered ${this.answered}, failed ${this.failed}; the ledger says ${JSON.stringify(calls)}`);
    must(calls.answered + calls.inFlight <= this.scenario.limits.maxLlmCalls, "more calls than allowed");
  }

  #perform(command: Exclude<Command, { do: "close" }>, state: RunState): RunEvent[] {
    switch (command.do) {
      case "begin": {
        this.#fence(command.epoch);
        const fault = this.#fault();
        if (fault === "lost" || fault === "lostAfter" || fault === "sandboxDied") return [{ type: "sessionLost", sandboxDied: fault === "sandboxDied" }];
        const snapshotRef = this.#put([]);
        this.#statesAfter.set("", snapshotRef.digest);
        return [{ type: "began", result: { sessionQueue: "q", snapshotRef, variablesRef: ref("variables") } }];
      }
      case "plan": return [this.#plan(command, state.trajectoryRef)];
      case "commit": return this.#commit(command, state);
      case "execute": return this.#execute(command, state);
      case "call": return this.#call(command, state);
      case "resume": return this.#resume(command);
      case "waitForBudget": throw new Error("no scenario waits for a budget");
      case "extract":
        this.#extracts += 1;
        return [{ type: "extracted", result: { outputsRef: command.attempt > this.scenario.extractFails ? this.#put(["extract"]) : null, usage: usage(1) } }];
    }
  }

  #plan({ turn, budget }: Omit<PlanAhead, "trajectoryRef">, told: BlobRef | null): Extract<RunEvent, { type: "planned" }> {
    const hasCode = this.#turn(turn) !== null;
    const toldTurns = told?.digest ?? "";
    const planRef = planOf(turn, toldTurns);
    this.#plans.add(planRef.digest);
    const trajectoryRef = hasCode ? null : this.#record(toldTurns, turn, ["no code"], this.#statesAfter.get(toldTurns) ?? "");
    return { type: "planned", budget, result: { planRef, hasCode, trajectoryRef, usage: usage(1) } };
  }

  /** Whether the snapshot becomes durable or not, the plan is made meanwhile. */
  #commit({ epoch, plan }: Do<"commit">, { phase }: RunState): RunEvent[] {
    const session = this.#session;
    const planned = plan && this.#plan(plan, plan.trajectoryRef);
    const fault = this.#fault();
    const isLost = fault === "lost" || fault === "lostAfter" || fault === "sandboxDied";
    if (isLost || session === null || session.epoch !== epoch || phase.at !== "commit") {
      this.#session = null;
      this.uncommittedLosses += 1;
      return [...(planned === null ? [] : [{ type: "planUnused" as const, result: planned.result }]), { type: "sessionLost", sandboxDied: fault === "sandboxDied" }];
    }
    return [{ type: "committed", result: { snapshotRef: this.#put(session.trace) } }, ...(planned === null ? [] : [planned])];
  }

  #execute({ epoch, planRef, journal, refused, sandboxDeaths, budget, llmCallsUsed }: Do<"execute">, { turn, snapshotRef, trajectoryRef }: RunState): RunEvent[] {
    this.#fence(epoch);
    const toldTurns = trajectoryRef?.digest ?? "";
    must(planRef.digest === planOf(turn, toldTurns).digest, "a plan is used that was made from a turn that does not count");
    must(snapshotRef !== null && this.#blobs.has(snapshotRef.digest) && snapshotRef.digest === this.#statesAfter.get(toldTurns), "a cell begins in another state than the model was told of");
    const fault = this.#fault();
    if (fault === "diverge" && journal !== null) this.#generations.set(turn, (this.#generations.get(turn) ?? 0) + 1);
    const trace = [...(this.#blobs.get(snapshotRef?.digest ?? "") ?? []), `turn ${turn} used ${budget.llmCallsUsed}`];
    const session: Session = { epoch, turn, toldTurns, deaths: sandboxDeaths, seq: 0, trace, waitsIn: null, packHead: null, newest: null };
    const chain = this.#chain(journal);
    for (const [i, pack] of chain.entries()) {
      if (pack.prompts.join() !== this.#prompts(session).join()) {
        this.disturbed = true;
        break;
      }
      this.#give(session, pack, chain[i + 1]?.previousAnswer ?? { refused, llmCallsUsed });
    }
    return this.#settle(session, fault);
  }

  #resume({ epoch, seq, refused, llmCallsUsed }: Do<"resume">): RunEvent[] {
    const session = this.#session;
    if (session === null || session.epoch !== epoch || session.waitsIn?.seq !== seq) return [{ type: "sessionLost", sandboxDied: false }];
    this.#give(session, session.waitsIn, { refused, llmCallsUsed });
    return this.#settle(session, this.#fault());
  }

  #call({ pack: { digest }, counts, seq }: Do<"call">, state: RunState): RunEvent[] {
    const { turn, epoch } = state;
    const pack = this.#packs.get(digest);
    must(pack !== undefined && pack.prompts.length === totalCalls(counts) && pack.seq === seq, "a call names its suspension");
    must(this.answered + counts.llm <= this.scenario.limits.maxLlmCalls, "the provider is asked for more than is allowed");
    must(this.#settled.get(digest) === "open", "a suspension is settled once");
    this.#settled.set(digest, "called");
    const fault = this.#fault();
    if (fault === "lost" || fault === "sandboxDied") this.#session = null;
    const count = pack.prompts.length;
    const unstored = this.parts.acknowledgeUnstored && fault === "lost" ? count - 1 : count;
    const keys = pack.prompts.map((prompt, index) => this.#key({ turn, seq, index }, prompt));
    for (const [index, key] of keys.entries()) if (index !== unstored && !this.#replies.has(key)) this.#replies.set(key, this.#reply(pack.prompts[index] ?? ""));
    const failed = pack.prompts.filter((prompt) => this.#isBad(prompt)).length;
    this.answered += new Set(keys).size - counts.tool - failed;
    this.toolCalls += counts.tool;
    this.failed += failed;
    const called: RunEvent = { type: "called", answered: counts.llm - failed, failed, usage: usage(counts.llm - failed) };
    if (fault === "lostAfter") return [called, { type: "sessionLost", sandboxDied: false }];
    if (fault !== "fused" || counts.llm !== 1 || count !== 1) return [called];
    return [called, ...this.#resume({ do: "resume", epoch, seq, refused: null, llmCallsUsed: callsUsed(state) - failed, sessionQueue: "q" })];
  }

  /** Runs the cell to its next stop; what it did is durable then, whether or not anyone hears of it. */
  #settle(session: Session, fault: Fault): RunEvent[] {
    this.#session = null;
    if (fault === "lost") return [{ type: "sessionLost", sandboxDied: false }];
    if (fault === "sandboxDied" && session.deaths < 2) return [{ type: "sessionLost", sandboxDied: true }];
    if (fault === "sandboxDied") {
      this.disturbed = true;
      return [this.#finished(["blamed"], false, session)];
    }
    this.#session = session;
    const turn = this.#turn(session.turn);
    const prompts = this.#prompts(session);
    const event = prompts.length > 0 ? this.#suspended(session, prompts) : this.#finished(session.trace, turn?.submit === true, session);
    if (fault === "lostAfter") return [{ type: "sessionLost", sandboxDied: false }];
    if (event.type === "suspended") this.#hear(event.result.pack.digest);
    return [event];
  }

  #suspended(session: Session, prompts: readonly string[]): RunEvent {
    const { seq, packHead: prev, newest: previousAnswer } = session;
    const digest = sha256(JSON.stringify([session.turn, seq, prompts, prev, previousAnswer]));
    session.waitsIn = { digest, seq, prompts, prev, previousAnswer };
    this.#packs.set(digest, session.waitsIn);
    return { type: "suspended", result: { status: "suspended", sessionQueue: "q", seq, pack: ref(digest), counts: countCalls(prompts.map(kindOf)), fusable: true } };
  }

  #finished(trace: readonly string[], submit: boolean, { turn, toldTurns, deaths }: Session): RunEvent {
    const isSlow = this.#turn(turn)?.slowSnapshot === true && !submit && deaths === 0;
    const trajectoryRef = this.#record(toldTurns, turn, trace, digestOf(trace));
    return { type: "finished", result: { status: "finished", sessionQueue: "q", snapshotRef: isSlow ? null : this.#put(trace), trajectoryRef, outputsRef: submit ? this.#put(trace) : null } };
  }

  #record(toldTurns: string, turn: number, trace: readonly string[], state: string): BlobRef {
    const digest = digestOf([toldTurns, String(turn), ...trace]);
    this.#statesAfter.set(digest, state);
    return ref(digest);
  }

  #hear(digest: string): void {
    must(!this.#settled.has(digest), "a settled suspension is not reported again");
    this.#settled.set(digest, "open");
  }

  #give(session: Session, pack: Pack, answer: Answer): void {
    if (answer.refused !== null) {
      must(this.#settled.get(pack.digest) !== "called", "a suspension that was sent is not refused as well");
      this.#settled.set(pack.digest, "refused");
    } else must(this.#settled.get(pack.digest) === "called", "a suspension is answered after its calls were made");
    const replies = pack.prompts.map((prompt, index) => this.#replies.get(this.#key({ turn: session.turn, seq: pack.seq, index }, prompt)));
    must(answer.refused !== null || !replies.includes(undefined), "a reply that was acknowledged is not in the store");
    session.trace = [...session.trace, JSON.stringify(answer.refused ?? replies), `used ${answer.llmCallsUsed}`];
    Object.assign(session, { seq: session.seq + 1, waitsIn: null, packHead: pack.digest, newest: answer } satisfies Partial<Session>);
  }

  #chain(journal: JournalRef | null): Pack[] {
    const chain: Pack[] = [];
    for (let pack = this.#packs.get(journal?.packHead.digest ?? ""); pack !== undefined; pack = this.#packs.get(pack.prev ?? "")) chain.unshift(pack);
    must(chain.length === (journal?.suspensions ?? 0), "the journal counts its suspensions");
    return chain;
  }

  #fence(epoch: number): void {
    must(epoch > this.#newestEpoch, `epoch ${epoch} after ${this.#newestEpoch}: an older session could commit`);
    this.#newestEpoch = epoch;
  }

  #prompts({ turn, seq }: Session): string[] {
    const { llm, tool } = this.#turn(turn)?.batches[seq] ?? NOTHING;
    return Array.from({ length: llm + tool }, (_, i) => `${i < llm ? "" : "tool "}t${turn} s${seq} i${i} g${this.#generations.get(turn) ?? 0}`);
  }

  #turn(turn: number): Turn {
    return this.scenario.turns[turn - 1] ?? null;
  }
  #key(position: Omit<CallPosition, "runUid">, prompt: string): string {
    return this.parts.key({ runUid: "run", ...position }, hashCallRequest(kindOf(prompt) === "tool" ? { kind: "tool", tool: "t", args: prompt } : { kind: "llm", prompt, model: null }));
  }
  #isBad(prompt: string): boolean {
    return this.scenario.badEvery > 0 && kindOf(prompt) === "llm" && parseInt(sha256(prompt).slice(0, 6), 16) % this.scenario.badEvery === 0;
  }
  #reply(prompt: string): string {
    return this.#isBad(prompt) ? "LlmError" : `answer to ${prompt}`;
  }
  #put(value: readonly string[]): BlobRef {
    const digest = digestOf(value);
    this.#blobs.set(digest, value);
    return ref(digest);
  }
  #fault(): Fault {
    return this.#faults.shift() ?? "none";
  }
}

const batches = fc.record({ llm: fc.integer({ min: 0, max: 4 }), tool: fc.integer({ min: 0, max: 2 }) }).filter(({ llm, tool }) => llm + tool > 0);
const scenarios: fc.Arbitrary<Scenario> = fc.record({
  turns: fc.array(fc.option(fc.record({ batches: fc.array(batches, { maxLength: 5 }), submit: fc.boolean(), slowSnapshot: fc.boolean() }), { freq: 8 }), { maxLength: 6 }),
  badEvery: fc.integer({ min: 0, max: 3 }),
  extractFails: fc.integer({ min: 0, max: 2 }),
  limits: fc.record({
    maxIterations: fc.integer({ min: 1, max: 7 }),
    maxLlmCalls: fc.integer({ min: 0, max: 20 }),
    maxToolCalls: fc.integer({ min: 0, max: 12 }),
    maxTokens: fc.option(fc.integer({ min: 1, max: 300 })),
    timeoutMs: fc.option(fc.integer({ min: 1, max: 7000 })),
    maxOutputChars: fc.constant(1000), cellTimeoutMs: fc.constant(1000), memoryLimitBytes: fc.constant(2 ** 31), lazyTextAboveBytes: fc.constant(1e9), maxConcurrency: fc.constant(8),
    budgetUsd: fc.constant(null), maxDepth: fc.constant(0), onLimit: fc.constant("extract" as const),
  }),
});
const faultPlans = fc.oneof(
  fc.array(fc.constantFrom<Fault>("none", "fused", "lost", "lostAfter"), { maxLength: 40 }),
  fc.array(fc.constantFrom<Fault>("none", "fused", "none", "lost", "lostAfter", "sandboxDied", "diverge"), { maxLength: 40 }),
);

/** Every rule of the world holds, and losses change nothing that anyone sees. */
function holdsFor(parts: Parts) {
  return fc.property(scenarios, faultPlans, (scenario, faults) => {
    const calm = new World(scenario, [], parts).run();
    const stormy = new World(scenario, faults, parts);
    const outcome = stormy.run();
    if (!stormy.disturbed) expect(outcome).toEqual(calm);
  });
}

describe("the loop, in a world that loses sessions at any step", () => {
  it("ends, keeps its books and its limits, settles every suspension once, and answers as if nothing had happened", () => {
    const details = fc.check(holdsFor(REAL), { numRuns: 1500 });
    expect(details.failed, fc.defaultReportMessage(details)).toBe(false);
  });

  it("meets every kind of ending and of trouble in this world", () => {
    const seen = new Set<string>();
    fc.assert(fc.property(scenarios, faultPlans, (scenario, faults) => {
      const world = new World(scenario, faults, REAL);
      const { status, failed } = world.run();
      seen.add(status).add(world.uncommittedLosses > 0 ? "lost before committed" : "nothing lost before committed").add(world.disturbed ? "disturbed" : "calm").add(failed > 0 ? "failed calls" : "no failed calls");
    }), { numRuns: 500, seed: 1 });
    expect([...seen].sort()).toEqual([
      "answered", "calm", "degraded", "disturbed", "failed", "failed calls", "lost before committed", "no failed calls", "nothing lost before committed",
    ]);
  });

  const inFlight = (state: RunState, change: number): RunState => ({ ...state, calls: { ...state.calls, inFlight: state.calls.inFlight + change } });
  const broken: Readonly<Record<string, Partial<Parts>>> = {
    "reserves after the await": {
      nextStep: (state, limits, nowMs) => {
        const step = nextStep(state, limits, nowMs);
        return step.command.do === "call" ? { ...step, state: inFlight(step.state, -step.command.counts.llm) } : step;
      },
      applyEvent: (state, event) => applyEvent(event.type === "called" ? inFlight(state, event.answered + event.failed) : state, event),
    },
    "does not raise the epoch on a rebuild": {
      nextStep: (state, limits, nowMs) => {
        const step = nextStep(state, limits, nowMs);
        if (step.command.do !== "execute" || state.phase.at !== "execute" || state.sessionQueue !== null) return step;
        return { command: { ...step.command, epoch: state.epoch }, state: { ...step.state, epoch: state.epoch } };
      },
    },
    "gives failed calls back twice": {
      applyEvent: (state, event) => (event.type === "called" ? inFlight(applyEvent(state, event), -event.failed) : applyEvent(state, event)),
    },
    "sends what it refused": {
      nextStep: (state, limits, nowMs) => nextStep(state, { ...limits, maxLlmCalls: limits.maxLlmCalls + 1 }, nowMs),
    },
    "sends more tool calls than are allowed": {
      nextStep: (state, limits, nowMs) => nextStep(state, { ...limits, maxToolCalls: limits.maxToolCalls + 1 }, nowMs),
    },
    "forgets a refusal when the session is rebuilt": {
      nextStep: (state, limits, nowMs) => {
        const step = nextStep(state, limits, nowMs);
        return step.command.do === "execute" ? { ...step, command: { ...step.command, refused: null } } : step;
      },
    },
    "forgets the journal when a sandbox dies": {
      applyEvent: (state, event) => {
        const after = applyEvent(state, event);
        return event.type === "sessionLost" && event.sandboxDied && after.phase.at === "execute" ? { ...after, phase: { at: "execute", cell: { ...after.phase.cell, journal: null } } } : after;
      },
    },
    "shows a rebuilt cell another budget": {
      nextStep: (state, limits, nowMs) => {
        const step = nextStep(state, limits, nowMs);
        return step.command.do === "execute" ? { ...step, command: { ...step.command, budget: { ...step.command.budget, llmCallsUsed: callsUsed(state) } } } : step;
      },
    },
    "goes on after a turn whose snapshot was lost, instead of running it again": {
      applyEvent: (state, event) => {
        const after = applyEvent(state, event);
        if (event.type !== "sessionLost" || state.phase.at !== "commit") return after;
        return { ...after, phase: { at: "plan" }, trajectoryRef: state.phase.trajectoryRef, executedCells: state.executedCells + 1 };
      },
    },
    "uses the plan made from a lost turn": {
      applyEvent: (state, event) => {
        const after = applyEvent(state, event);
        if (event.type !== "planUnused" || state.phase.at !== "commit" || !event.result.hasCode) return after;
        return { ...after, phase: { ...state.phase, cell: { ...state.phase.cell, planRef: event.result.planRef, journal: null } } };
      },
    },
    "goes on before a snapshot is durable": {
      applyEvent: (state, event) => {
        const after = applyEvent(state, event);
        return after.phase.at === "commit" ? { ...after, phase: { at: "plan" }, trajectoryRef: after.phase.trajectoryRef, executedCells: state.executedCells + 1 } : after;
      },
    },
    "pays for a plan twice that was made for a lost turn": {
      applyEvent: (state, event) => applyEvent(event.type === "planned" ? { ...state, usage: totalUsage(state), unusedPlans: [] } : state, event),
    },
    "does not pay for a plan that was made for a lost turn": {
      applyEvent: (state, event) => {
        const after = applyEvent(state, event);
        return event.type === "planUnused" ? { ...after, unusedPlans: state.unusedPlans } : after;
      },
    },
    "keys calls without their index": { key: (position) => callKey({ ...position, index: 0 }, "") },
    "acknowledges a reply before it is stored": { acknowledgeUnstored: true },
  };
  it.each(Object.keys(broken))("catches a loop that %s", (name) => {
    expect(fc.check(holdsFor({ ...REAL, ...broken[name] }), { numRuns: 1000, seed: 1 }).failed).toBe(true);
  });
});
