import type { RunSpec } from "../core/run-spec.js";
import type { BeginArgs, BeginResult } from "../core/wire.js";
import { getRecord, putRecord } from "../journal/records.js";
import { sessionConfig } from "../repl/session-config.js";
import { sessionInputs } from "../repl/session-inputs.js";
import type { CellRunnerDeps } from "./cell-runner.js";
import { restoreSession } from "./restore-session.js";
import { assertCurrent } from "./session-entry.js";
import { putSnapshot } from "./snapshot-chain.js";

/** A new session with the run's inputs, parked, and its state as snapshot 0. */
export async function beginRun(deps: CellRunnerDeps, args: BeginArgs): Promise<BeginResult> {
  const { store, pool, table, factory, sessionQueue, nowMs, observe } = deps;
  const spec = await getRecord<RunSpec>(store, args.specRef);
  const entry = table.enter(args.run.runUid, args.epoch, 0);
  try {
    await table.admit(entry);
    const startedAtMs = nowMs();
    const { session, chain } = args.forkOf === undefined ? await pool.take() : await restoreSession(deps, args.forkOf.digest, spec.inherited ?? []);
    observe?.({ type: "session", how: args.forkOf === undefined ? "new" : "restored", startedAtMs, durationMs: nowMs() - startedAtMs });
    table.attach(entry, session, chain);
    assertCurrent(entry, args.epoch);
    const begun = await session.start({ config: sessionConfig(spec, args.run.runUid), inputs: await sessionInputs(store, spec.inputs) });
    const [snapshot, variablesRef] = await Promise.all([
      putSnapshot(store, factory.buildId, chain, begun.snapshot),
      putRecord(store, begun.variables),
    ]);
    assertCurrent(entry, args.epoch);
    table.park(entry, snapshot.ref.digest, snapshot.chain);
    return { sessionQueue, snapshotRef: snapshot.ref, variablesRef };
  } catch (error) {
    table.drop(entry);
    throw error;
  }
}
