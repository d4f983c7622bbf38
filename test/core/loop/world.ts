import type { RunEvent } from "../../../src/core/apply-event.js";
import type { BlobRef } from "../../../src/core/blob-ref.js";
import { countCalls, totalCalls, type CallCounts } from "../../../src/core/call-counts.js";
import type { Command, PlanAhead } from "../../../src/core/next-step.js";
import { callsUsed, initialState, type RunState } from "../../../src/core/run-state.js";
import { sha256 } from "../../../src/journal/call-key.js";
import { checkBooks } from "./books.js";
import { digestOf, kindOf, must, NOTHING, planOf, ref, usage, type Answer, type Do, type Fault, type Pack, type Parts, type Scenario, type Session, type Turn } from "./parts.js";
import { Memory } from "./memory.js";
import { Provider } from "./provider.js";
import { Suspensions } from "./suspensions.js";

/** Store, model provider and sandboxes in memory. A cell is a deterministic program whose `trace` holds all it ever saw. */
export class World {
  /** Turns that were lost between their result and their durable snapshot. */
  uncommittedLosses = 0;
  #extracts = 0;
  /** A cell was blamed for its sandbox's deaths, or a replay went another way: the outputs may differ then. */
  disturbed = false;
  readonly #faults: Fault[];
  readonly #fault = (): Fault => this.#faults.shift() ?? "none";
  readonly #provider: Provider;
  readonly #suspensions = new Suspensions();
  readonly #memory = new Memory();
  /** Root calls that were paid: each is found under its key when it is made again. */
  readonly #plans = new Set<string>();
  readonly #generations = new Map<number, number>();
  #session: Session | null = null;
  #newestEpoch = 0;

  constructor(private readonly scenario: Scenario, faults: readonly Fault[], private readonly parts: Parts) {
    this.#faults = [...faults];
    this.#provider = new Provider(scenario.badEvery, parts);
  }

  run() {
    let state = initialState(0);
    for (let steps = 0; steps < 3000; steps += 1) {
      const { command, state: decided } = this.parts.nextStep(state, this.scenario.limits, state.turn * 1000);
      this.#check(decided, command.do === "call" ? command.counts : NOTHING);
      if (command.do === "close") return this.#end(command, decided);
      state = this.#perform(command, decided).reduce((now, event) => this.parts.applyEvent(now, event), decided);
      this.#check(state, NOTHING);
    }
    throw new Error("broken: it does not end");
  }

  #end({ status, reason, outputsRef }: Do<"close">, { turn, executedCells }: RunState) {
    must(this.#suspensions.allSettled, "a suspension was never settled");
    const outputs = outputsRef === null ? null : this.#memory.get(outputsRef.digest);
    return { status, reason, outputs, turn, executedCells, answered: this.#provider.answered, failed: this.#provider.failed };
  }

  #check(state: RunState, inFlight: CallCounts): void {
    checkBooks(state, inFlight, { provider: this.#provider, rootCalls: this.#plans.size + this.#extracts, limits: this.scenario.limits });
  }

  #perform(command: Exclude<Command, { do: "close" }>, state: RunState): RunEvent[] {
    switch (command.do) {
      case "begin": {
        this.#fence(command.epoch);
        const fault = this.#fault();
        if (fault === "lost" || fault === "lostAfter" || fault === "sandboxDied") return [{ type: "sessionLost", sandboxDied: fault === "sandboxDied" }];
        const snapshotRef = this.#memory.put([]);
        this.#memory.leaves("", snapshotRef.digest);
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
        return [{ type: "extracted", result: { outputsRef: command.attempt > this.scenario.extractFails ? this.#memory.put(["extract"]) : null, usage: usage(1) } }];
    }
  }

  #plan({ turn, budget }: Omit<PlanAhead, "trajectoryRef">, told: BlobRef | null): Extract<RunEvent, { type: "planned" }> {
    const hasCode = this.#turn(turn) !== null;
    const toldTurns = told?.digest ?? "";
    const planRef = planOf(turn, toldTurns);
    this.#plans.add(planRef.digest);
    const trajectoryRef = hasCode ? null : this.#memory.record(toldTurns, turn, ["no code"], this.#memory.stateAfter(toldTurns) ?? "");
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
    return [{ type: "committed", result: { snapshotRef: this.#memory.put(session.trace) } }, ...(planned === null ? [] : [planned])];
  }

  #execute({ epoch, planRef, journal, refused, sandboxDeaths, budget, llmCallsUsed }: Do<"execute">, { turn, snapshotRef, trajectoryRef }: RunState): RunEvent[] {
    this.#fence(epoch);
    const toldTurns = trajectoryRef?.digest ?? "";
    must(planRef.digest === planOf(turn, toldTurns).digest, "a plan is used that was made from a turn that does not count");
    must(snapshotRef !== null && this.#memory.get(snapshotRef.digest) !== undefined && snapshotRef.digest === this.#memory.stateAfter(toldTurns), "a cell begins in another state than the model was told of");
    const fault = this.#fault();
    if (fault === "diverge" && journal !== null) this.#generations.set(turn, (this.#generations.get(turn) ?? 0) + 1);
    const trace = [...(this.#memory.get(snapshotRef?.digest ?? "") ?? []), `turn ${turn} used ${budget.llmCallsUsed}`];
    const session: Session = { epoch, turn, toldTurns, deaths: sandboxDeaths, seq: 0, trace, waitsIn: null, packHead: null, newest: null };
    const chain = this.#suspensions.chain(journal);
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
    const pack = this.#suspensions.call(digest);
    must(pack.prompts.length === totalCalls(counts) && pack.seq === seq, "a call names its suspension");
    must(this.#provider.answered + counts.llm <= this.scenario.limits.maxLlmCalls, "the provider is asked for more than is allowed");
    const fault = this.#fault();
    if (fault === "lost" || fault === "sandboxDied") this.#session = null;
    const count = pack.prompts.length;
    this.#provider.settle(pack.prompts.map((prompt, index) => [this.#provider.key({ turn, seq, index }, prompt), prompt]), fault);
    const failed = pack.prompts.filter((prompt) => this.#provider.isBad(prompt)).length;
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
    if (event.type === "suspended") this.#suspensions.hear(event.result.pack.digest);
    return [event];
  }

  #suspended(session: Session, prompts: readonly string[]): RunEvent {
    const { seq, packHead: prev, newest: previousAnswer } = session;
    const digest = sha256(JSON.stringify([session.turn, seq, prompts, prev, previousAnswer]));
    session.waitsIn = { digest, seq, prompts, prev, previousAnswer };
    this.#suspensions.add(session.waitsIn);
    return { type: "suspended", result: { status: "suspended", sessionQueue: "q", seq, pack: ref(digest), counts: countCalls(prompts.map(kindOf)), fusable: true } };
  }

  #finished(trace: readonly string[], submit: boolean, { turn, toldTurns, deaths }: Session): RunEvent {
    const isSlow = this.#turn(turn)?.slowSnapshot === true && !submit && deaths === 0;
    const trajectoryRef = this.#memory.record(toldTurns, turn, trace, digestOf(trace));
    return { type: "finished", result: { status: "finished", sessionQueue: "q", snapshotRef: isSlow ? null : this.#memory.put(trace), trajectoryRef, outputsRef: submit ? this.#memory.put(trace) : null } };
  }

  #give(session: Session, pack: Pack, answer: Answer): void {
    this.#suspensions.answer(pack, answer);
    const replies = pack.prompts.map((prompt, index) => this.#provider.reply({ turn: session.turn, seq: pack.seq, index }, prompt));
    must(answer.refused !== null || !replies.includes(undefined), "a reply that was acknowledged is not in the store");
    session.trace = [...session.trace, JSON.stringify(answer.refused ?? replies), `used ${answer.llmCallsUsed}`];
    Object.assign(session, { seq: session.seq + 1, waitsIn: null, packHead: pack.digest, newest: answer } satisfies Partial<Session>);
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
}
