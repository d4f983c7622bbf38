import fc from "fast-check";
import { expect, it } from "vitest";
import { applyEvent, type RunEvent } from "../../src/core/apply-event.js";
import type { BlobRef } from "../../src/core/blob-ref.js";
import type { SettledChild } from "../../src/core/child-wire.js";
import { nextStep, type Command } from "../../src/core/next-step.js";
import { resolveRunOptions } from "../../src/core/resolve-run-limits.js";
import type { RunLimits } from "../../src/core/run-limits.js";
import { callsUsed, initialState, type RunState } from "../../src/core/run-state.js";
import { sha256 } from "../../src/journal/call-key.js";

/*
 * A run and its children in one world: every run is driven by the real brain, in steps that are interleaved at random. Sessions are lost; a suspension
 * may be blocked when all of it is settled, and is then taken up anew; duplicates of calls and children find what is stored.
 */
interface Parts { readonly nextStep: typeof nextStep; readonly applyEvent: typeof applyEvent; readonly remembersChildren: boolean }
interface Outcome extends SettledChild { readonly trace: string }
type Do<K extends Command["do"]> = Extract<Command, { do: K }>;

const REAL: Parts = { nextStep, applyEvent, remembersChildren: true };
const ref = (digest: string): BlobRef => ({ digest, bytes: 1 });
const usage = (calls: number) => ({ inputTokens: 7 * calls, outputTokens: 3 * calls, cachedTokens: 0, costUsd: 0 });
const dice = (text: string, sides: number): number => parseInt(sha256(text).slice(0, 8), 16) % sides;
function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`broken: ${what}`);
}

class Tree {
  /** What the provider and the children's ends really show, over the whole tree. */
  answered = 0;
  inFlight = 0;
  readonly #replies = new Map<string, boolean>();
  readonly #children = new Map<string, Outcome>();
  readonly #ended = new Set<string>();
  #next = 0;

  constructor(private readonly seed: number, private readonly max: number, private readonly parts: Parts, private readonly noise: readonly number[]) {}

  run(limits: RunLimits): Outcome {
    const steps = this.#run("r", limits);
    for (let count = 0; count < 20_000; count += 1) {
      const { done, value } = steps.next();
      if (done === true) return value;
    }
    throw new Error("broken: it does not end");
  }

  *#run(path: string, limits: RunLimits): Generator<void, Outcome> {
    let state = initialState(0);
    let trace = path;
    for (;;) {
      yield;
      const { command, state: decided } = this.parts.nextStep(state, limits, 0);
      must(decided.calls.answered + decided.calls.inFlight <= limits.maxLlmCalls, `${path} has more calls than it may`);
      if (command.do === "close") {
        const { answered, failed } = decided.calls;
        return { failed: command.status === "failed", llmCalls: answered, failedCalls: failed, toolCalls: 0, usage: decided.usage, trace: `${trace} ${command.status}` };
      }
      if (command.do === "call") {
        const { event, told } = yield* this.#call(path, command, decided);
        if (this.#chance(9)) {
          // Blocked: as the workflow does, what was decided falls away and is decided anew.
          state = { ...state, epoch: decided.epoch };
          continue;
        }
        state = this.parts.applyEvent(decided, event);
        trace = sha256(`${trace} ${told}`);
      } else {
        if (command.do === "resume" && command.refused !== null) trace = sha256(`${trace} refused ${command.refused.used}/${command.refused.asked}`);
        state = this.parts.applyEvent(decided, this.#step(path, command, decided));
      }
    }
  }

  #step(path: string, command: Exclude<Command, Do<"close" | "call">>, { turn }: RunState): RunEvent {
    if ((command.do === "begin" || command.do === "execute" || command.do === "resume") && this.#chance(7)) return { type: "sessionLost", sandboxDied: false };
    switch (command.do) {
      case "begin": return { type: "began", result: { sessionQueue: "q", snapshotRef: ref("s"), variablesRef: ref("v") } };
      case "plan": return { type: "planned", budget: command.budget, result: { planRef: ref("p"), hasCode: true, trajectoryRef: null, usage: usage(1) } };
      case "execute": return this.#cell(path, turn, command.journal?.suspensions ?? 0);
      case "resume": return this.#cell(path, turn, command.seq + 1);
      case "extract": return { type: "extracted", result: { outputsRef: ref("o"), usage: usage(1) } };
      default: throw new Error(`broken: ${command.do} has no place here`);
    }
  }

  /** The cell of a turn is a fixed list of suspensions, each of sub-calls and child runs. */
  #cell(path: string, turn: number, seq: number): RunEvent {
    const at = `${this.seed} ${path} ${turn} ${seq}`;
    if (seq >= dice(`${at} many`, 4)) {
      const outputsRef = turn >= 2 ? ref("o") : null;
      return { type: "finished", result: { status: "finished", sessionQueue: "q", snapshotRef: ref("s"), trajectoryRef: ref("t"), outputsRef } };
    }
    const counts = { llm: dice(`${at} llm`, 4), tool: 0, rlm: dice(`${at} rlm`, 3) };
    const some = counts.llm + counts.rlm === 0 ? { ...counts, llm: 1 } : counts;
    return { type: "suspended", result: { status: "suspended", sessionQueue: "q", seq, pack: ref(at), counts: some, fusable: false } };
  }

  *#call(path: string, { counts, seq, childLimits }: Do<"call">, { turn }: RunState): Generator<void, { event: RunEvent; told: string }> {
    const at = `${path}/${turn}.${seq}`;
    const ok: boolean[] = [];
    const children: Outcome[] = [];
    const work = [
      ...Array.from({ length: counts.llm }, (_, i) => this.#ask(`${at} call ${i}`, (answered) => (ok[i] = answered))),
      ...Array.from({ length: counts.rlm }, (_, i) => this.#child(`${at} child ${i}`, childLimits, (outcome) => (children[i] = outcome))),
    ];
    while (work.length > 0) {
      const pick = this.#random() % work.length;
      if (work[pick]?.next().done === true) work.splice(pick, 1);
      yield;
    }
    const answered = ok.filter(Boolean).length;
    return { event: { type: "called", answered, failed: counts.llm - answered, usage: usage(counts.llm), children }, told: JSON.stringify([ok, children.map(({ trace, failed }) => [trace, failed])]) };
  }

  *#ask(key: string, tell: (answered: boolean) => void): Generator<void, void> {
    const stored = this.#replies.get(key);
    if (stored === undefined) {
      this.#change(0, 1);
      yield;
      const answered = dice(`${this.seed} ${key}`, 5) > 0;
      this.#replies.set(key, answered);
      this.#change(answered ? 1 : 0, -1);
    }
    tell(this.#replies.get(key) === true);
  }

  *#child(key: string, limits: RunLimits | null, tell: (outcome: Outcome) => void): Generator<void, void> {
    must(limits !== null, "a child run has a part of the budget");
    const known = this.parts.remembersChildren ? this.#children.get(key) : undefined;
    if (known === undefined) {
      must(!this.#ended.has(key), "a child run that was answered is started again");
      this.#change(0, 1);
      const outcome = yield* this.#run(key, limits);
      this.#ended.add(key);
      this.#children.set(key, outcome);
      this.#change(outcome.failed ? 0 : 1, -1);
    }
    const settled = known ?? this.#children.get(key);
    if (settled !== undefined) tell(settled);
  }

  #change(answered: number, inFlight: number): void {
    this.answered += answered;
    this.inFlight += inFlight;
    must(this.answered + this.inFlight <= this.max, `${this.answered} answered and ${this.inFlight} in flight of ${this.max}, over the tree`);
  }

  #random(): number {
    return this.noise.length === 0 ? 0 : (this.noise[this.#next++ % this.noise.length] ?? 0);
  }
  #chance(oneIn: number): boolean {
    return this.noise.length > 0 && this.#next < 400 && this.#random() % oneIn === 1;
  }
}

const scenarios = fc.record({ seed: fc.nat(), maxLlmCalls: fc.integer({ min: 0, max: 40 }), maxDepth: fc.integer({ min: 1, max: 3 }), noise: fc.array(fc.nat(1000), { minLength: 5, maxLength: 60 }) });

/** The books are kept and the limit holds at every moment over the whole tree, and trouble changes nothing that anyone sees. */
function holdsFor(parts: Parts) {
  return fc.property(scenarios, ({ seed, maxLlmCalls, maxDepth, noise }) => {
    const limits = resolveRunOptions({ maxLlmCalls, maxDepth, maxIterations: 4 });
    const calm = new Tree(seed, maxLlmCalls, parts, []);
    const expected = calm.run(limits);
    must(expected.llmCalls === calm.answered, `${calm.answered} were answered, the books say ${expected.llmCalls}`);
    const stormy = new Tree(seed, maxLlmCalls, parts, noise);
    expect(stormy.run(limits)).toEqual(expected);
    must(expected.llmCalls === stormy.answered, `${stormy.answered} were answered in a storm, the books say ${expected.llmCalls}`);
  });
}

it("a tree of runs ends, keeps its books, never has more calls than its root may, and answers as if nothing had happened", () => {
  const details = fc.check(holdsFor(REAL), { numRuns: 600 });
  expect(details.failed, fc.defaultReportMessage(details)).toBe(false);
});

const broken: Readonly<Record<string, Partial<Parts>>> = {
  "reserves for children when they ask instead of before they start": {
    nextStep: (state, limits, nowMs) => {
      const step = nextStep(state, limits, nowMs);
      if (step.command.do !== "call" || step.command.childLimits === null) return step;
      const { counts, childLimits } = step.command;
      const all = Math.max(0, limits.maxLlmCalls - callsUsed(state) - counts.llm - counts.rlm);
      return { ...step, command: { ...step.command, childLimits: { ...childLimits, maxLlmCalls: all } } };
    },
  },
  "forgets what a child has used": {
    applyEvent: (state, event) => applyEvent(state, event.type === "called" ? { ...event, children: (event.children ?? []).map((child) => ({ ...child, llmCalls: 0 })) } : event),
  },
  "starts an answered child again": { remembersChildren: false },
  "does not count the child itself": {
    applyEvent: (state, event) => {
      const after = applyEvent(state, event);
      const ends = event.type === "called" ? (event.children ?? []).filter(({ failed }) => !failed).length : 0;
      return { ...after, calls: { ...after.calls, answered: after.calls.answered - ends } };
    },
  },
};
it.each(Object.keys(broken))("catches a tree that %s", (name) => {
  expect(fc.check(holdsFor({ ...REAL, ...broken[name] }), { numRuns: 600, seed: 1 }).failed).toBe(true);
});
