import { isCancellation, sleep } from "@temporalio/workflow";
import { applyEvent, type RunEvent } from "../src/core/apply-event.js";
import { totalCalls } from "../src/core/call-counts.js";
import type { SettledChild } from "../src/core/child-wire.js";
import type { Command } from "../src/core/next-step.js";
import type { RunLimits } from "../src/core/run-limits.js";
import { callsUsed, type RunState } from "../src/core/run-state.js";
import type { RunInput, RunKey, StepResult } from "../src/core/wire.js";
import type { ActivityProxies } from "./activity-proxies.js";
import { dispatchCalls, type CallsToMake } from "./dispatch-calls.js";
import type { BlockedGate } from "./blocking.js";
import type { ChildLinks } from "./child-links.js";
import { commitTurn } from "./commit-turn.js";
import { planTurn } from "./plan-turn.js";
import { runChildren } from "./run-children.js";
import type { RunControls } from "./run-controls.js";
import type { RunVisibility } from "./visibility.js";
import { whileWatching } from "./watch-session.js";
import { retryAfterMs, sessionLoss, type SessionLoss } from "./failures.js";

export interface Driver {
  readonly run: RunKey;
  readonly input: RunInput;
  readonly controls: RunControls;
  readonly gate: BlockedGate;
  readonly children: ChildLinks;
  readonly proxies: ActivityProxies;
  readonly visibility: RunVisibility;
  /** Told of every lost session. */
  readonly onSessionLost: (why: string) => void;
  /** Told of what counts already, when the rest of a command may still fail. */
  readonly onAdvanced: (state: RunState) => void;
}

type Do<K extends Command["do"]> = Extract<Command, { do: K }>;

/** Carries a command of the brain out and returns the state after its outcome. Throws when the run is blocked: nothing has happened then. */
export async function perform(driver: Driver, command: Exclude<Command, Do<"close" | "waitForBudget">>, state: RunState): Promise<RunState> {
  switch (command.do) {
    case "begin":
      return begin(driver, command, state);
    case "plan":
      return plan(driver, command, state);
    case "execute":
      return execute(driver, command, state);
    case "call":
      return call(driver, command, state);
    case "resume":
      return resume(driver, command, state);
    case "commit":
      return commitTurn(driver, command, state);
    case "extract":
      return extract(driver, command, state);
  }
}

async function begin(driver: Driver, { epoch }: Do<"begin">, state: RunState): Promise<RunState> {
  const { run, input, proxies } = driver;
  return orLost(driver, state, async () => {
    const result = await proxies.sharedRepl("load inputs").beginRun({ run, epoch, specRef: input.specRef, ...(input.parent !== undefined && { forkOf: input.parent.snapshotRef }) });
    return { type: "began", result };
  });
}

async function plan(driver: Driver, { turn, budget }: Do<"plan">, state: RunState): Promise<RunState> {
  const { event, used } = await planTurn(driver, { turn, budget, trajectoryRef: state.trajectoryRef }, state);
  used();
  return applyEvent(state, event);
}

async function execute(driver: Driver, command: Do<"execute">, state: RunState): Promise<RunState> {
  const { run, input, proxies } = driver;
  const { snapshotRef, trajectoryRef, turn } = state;
  if (snapshotRef === null) throw new Error("A cell runs after the inputs were loaded.");
  const { epoch, planRef, journal, refused, requestBytesLeft, sandboxDeaths, budget, llmCallsUsed, sessionQueue } = command;
  const args = { run, specRef: input.specRef, turn, epoch, planRef, snapshotRef, trajectoryRef, journal, refused, requestBytesLeft, sandboxDeaths, budget, llmCallsUsed };
  const repl = sessionQueue === null ? proxies.sharedRepl(`turn ${turn}: cell`) : proxies.session(sessionQueue, `turn ${turn}: cell`);
  return orLost(driver, state, async () => stepEvent(await repl.executeCell(args)));
}

async function resume(driver: Driver, command: Do<"resume">, state: RunState): Promise<RunState> {
  const { run, proxies } = driver;
  const { epoch, seq, refused, llmCallsUsed, sessionQueue } = command;
  const args = { run, turn: state.turn, epoch, seq, refused, llmCallsUsed };
  const repl = proxies.session(sessionQueue, `turn ${state.turn}: resume ${seq + 1}`);
  return orLost(driver, state, async () => stepEvent(await repl.resumeCell(args)));
}

async function call(driver: Driver, command: Do<"call">, state: RunState): Promise<RunState> {
  const { run, input, controls, proxies } = driver;
  const { pack, counts, childLimits } = command;
  let lost: SessionLoss | null = null;
  if (counts.llm === 1 && totalCalls(counts) === 1 && command.fusable && state.sessionQueue !== null) {
    try {
      return await fused(driver, command, state, state.sessionQueue);
    } catch (error) {
      if (isCancellation(error)) throw error;
      // Whatever went wrong, the ordinary path has the retries and the rebuild; a reply that was stored is found there.
      lost = sessionLoss(error);
      await sleep(retryAfterMs(error));
    }
  }
  // With child runs, each of them and the calls beside them get the same part.
  const { maxConcurrency } = childLimits ?? controls.limits;
  const calls = { run, specRef: input.specRef, turn: state.turn, pack, counts, maxConcurrency, gate: () => controls.whilePaused() };
  const { made: [made, children], lost: lostMeanwhile } = await whileWatching(driver, lost === null ? state : { ...state, sessionQueue: null }, () =>
    whenBothSettled(dispatchCalls(calls, proxies), runChildrenOf(driver, calls, childLimits, state)),
  );
  lost ??= lostMeanwhile;
  const settled = applyEvent(state, { type: "called", ...made, children });
  if (lost === null) return settled;
  driver.onSessionLost(lost.why);
  return applyEvent(settled, { type: "sessionLost", sandboxDied: lost.sandboxDied });
}

async function runChildrenOf(driver: Driver, calls: CallsToMake, limits: RunLimits | null, { snapshotRef }: RunState): Promise<readonly SettledChild[]> {
  if (limits === null) return [];
  if (snapshotRef === null) throw new Error("Child runs are started by cells, and those have a snapshot to begin with.");
  return runChildren(driver, { ...calls, limits, snapshotRef });
}

/** When one fails, what the other does is waited for first: it is stored, and counts when the suspension is taken up again. */
async function whenBothSettled<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return Promise.all([a, b]);
}

/** A lone call in one activity on the session's queue: 24 instead of 31–40 ms a call, and the reply is stored first all the same. */
async function fused({ run, input, proxies }: Driver, { pack, seq }: Do<"call">, state: RunState, queue: string): Promise<RunState> {
  const { turn, epoch } = state;
  const result = await proxies.session(queue, `turn ${turn}: call and resume ${seq + 1}`).callAndResume({
    call: { run, specRef: input.specRef, turn, pack, index: 0 },
    resume: { run, turn, epoch, seq, refused: null, llmCallsUsed: callsUsed(state) },
  });
  const { failed, usage } = result.call;
  const called = applyEvent(state, { type: "called", answered: failed ? 0 : 1, failed: failed ? 1 : 0, usage });
  return applyEvent(called, stepEvent(result.step));
}

async function extract({ run, input, proxies }: Driver, { attempt, trajectoryRef }: Do<"extract">, state: RunState): Promise<RunState> {
  const args = { run, specRef: input.specRef, variablesRef: state.variablesRef, trajectoryRef, attempt };
  const result = await proxies.llm("extract").extractOutputs(args);
  return applyEvent(state, { type: "extracted", result });
}

function stepEvent(result: StepResult): RunEvent {
  return result.status === "suspended" ? { type: "suspended", result } : { type: "finished", result };
}

/** A lost session is an event of the loop, not an error. */
async function orLost(driver: Driver, state: RunState, step: () => Promise<RunEvent>): Promise<RunState> {
  try {
    return applyEvent(state, await step());
  } catch (error) {
    const lost = sessionLoss(error);
    if (lost === null) throw error;
    driver.onSessionLost(lost.why);
    return applyEvent(state, { type: "sessionLost", sandboxDied: lost.sandboxDied });
  }
}
