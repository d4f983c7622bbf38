import { applyEvent } from "../../../src/core/apply-event.js";
import { nextStep } from "../../../src/core/next-step.js";
import { callsUsed, totalUsage, type RunState } from "../../../src/core/run-state.js";
import { callKey } from "../../../src/journal/call-key.js";
import type { Parts } from "./parts.js";

const inFlight = (state: RunState, change: number): RunState => ({ ...state, calls: { ...state.calls, inFlight: state.calls.inFlight + change } });
/** Loops with one mistake each; the worlds must catch every one. */
export const BROKEN: Readonly<Record<string, Partial<Parts>>> = {
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
  "sends again without a look into the store": { looksUp: false },
  "acknowledges a reply before it is stored": { acknowledgeUnstored: true },
};
