import type { HostCallOutcome } from "../../src/core/cell.js";
import type { CellRun, FinishedStep, JournalEntry, Session, SessionFactory, SuspendedStep } from "../../src/repl/session.js";
import { answerTo, BUDGET, finished, journalEntry, suspended } from "./sandbox-fixture.js";

/** What the conformance suite of sessions works with; it disposes of every session it made. */
export interface ConformanceHarness extends AsyncDisposable {
  /** A session after `start`, and its chain so far. */
  started(): Promise<{ session: Session; chain: Uint8Array[] }>;
  restore(parts: readonly Uint8Array[]): Promise<Session>;
  own(session: Promise<Session>): Promise<Session>;
  cell(code: string, options?: Partial<CellRun>): CellRun;
  run(session: Session, code: string, options?: Partial<CellRun>): Promise<FinishedStep>;
  print(session: Session, expression: string): Promise<string>;
  answer(step: SuspendedStep | FinishedStep): HostCallOutcome;
  entry(step: SuspendedStep | FinishedStep, outcome: HostCallOutcome): JournalEntry;
}

/** Both sides know `random()`: in Python it must be imported first. */
const PREPARE = "from random import random";

export function conformanceHarness(factory: SessionFactory, base: Uint8Array, resources?: AsyncDisposable): ConformanceHarness {
  const sessions: Session[] = [];
  const own = async (made: Promise<Session>): Promise<Session> => {
    const session = await made;
    sessions.push(session);
    return session;
  };
  const cell = (code: string, options: Partial<CellRun> = {}): CellRun => ({ code, budget: BUDGET, journal: [], cellTimeoutMs: 30_000, ...options });
  const run = async (session: Session, code: string, options: Partial<CellRun> = {}): Promise<FinishedStep> => finished(await session.exec(cell(code, options)));
  const restore = (parts: readonly Uint8Array[]): Promise<Session> => own(factory.restore({ parts, inputs: [] }));
  const prepare = async (): Promise<Uint8Array[]> => {
    const session = await restore([base]);
    const { snapshot } = await session.start({ config: { outputNames: ["answer"], maxOutputChars: 1000, seed: "seed" }, inputs: [] });
    return [base, snapshot.bytes, (await run(session, PREPARE)).snapshot.bytes];
  };
  let prepared: Promise<Uint8Array[]> | undefined;
  return {
    own, cell, run, restore,
    async started() {
      const chain = await (prepared ??= prepare());
      return { session: await restore(chain), chain: [...chain] };
    },
    async print(session, expression) {
      const { result } = await run(session, `print(${expression})`);
      if (result.error !== null) throw new Error(`${result.error.type}: ${result.error.message}`);
      return result.output.head.trim();
    },
    answer: (step) => answerTo(suspended(step)),
    entry: (step, outcome) => journalEntry(suspended(step), outcome),
    async [Symbol.asyncDispose]() {
      await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]()));
      await resources?.[Symbol.asyncDispose]();
    },
  };
}
