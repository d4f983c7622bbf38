import type { BlobRef } from "../core/blob-ref.js";
import type { FinishedResult } from "../core/wire.js";
import type { CellContext } from "./cell-context.js";
import type { CellRunnerDeps } from "./cell-runner.js";
import { finishTurn } from "./finish-turn.js";
import type { CapturedEnd } from "./next-stop.js";
import { assertCurrent, type SessionEntry } from "./session-entry.js";
import { putSnapshot, type StoredSnapshot } from "./snapshot-chain.js";

/**
 * Pages of 4 KiB above which a snapshot is not waited for. By estimate 4 MB take about 15 ms to compress and to write, as long as the additional activity and its
 * workflow task. Source: docs/decisions/2026-11-22-snapshot-beside-the-next-call.md.
 */
const OVERLAP_ABOVE_PAGES = 1024;

type FinishDeps = Pick<CellRunnerDeps, "store" | "factory" | "table" | "commits" | "sessionQueue" | "nowMs" | "observe">;

/**
 * Makes a turn durable whose cell has ended. Its record is, when this returns; its snapshot may come later (`snapshotRef: null`), while the next model
 * call is made. Not when the outputs are accepted: no model call follows. Nor when the sandbox has died in this cell before: then its death while it
 * compresses must be found here, where the cell can be blamed.
 */
export async function finishCell(deps: FinishDeps, entry: SessionEntry, context: CellContext, end: CapturedEnd): Promise<FinishedResult> {
  const { table, commits, sessionQueue } = deps;
  const { run, epoch, sandboxDeaths } = context.args;
  // Written side by side: nothing refers to either before it is durable.
  const written = writeSnapshot(deps, entry, end);
  written.catch(() => undefined);
  const turn = await finishTurn(deps, context, { kind: "finished", result: end.result, tailReads: end.tailReads, cellMs: end.timings.cellMs });
  assertCurrent(entry, epoch);
  const finished = { status: "finished", sessionQueue, ...turn } as const;
  if (turn.outputsRef === null && sandboxDeaths === 0 && end.pagesToWrite > OVERLAP_ABOVE_PAGES) {
    commits.add(run.runUid, epoch, parkWhenWritten(deps, entry, written));
    return { ...finished, snapshotRef: null };
  }
  const { ref, chain } = await written;
  assertCurrent(entry, epoch);
  // With accepted outputs the run is over, and its memory is better used by others.
  if (turn.outputsRef === null) table.park(entry, ref.digest, chain);
  else table.drop(entry);
  return { ...finished, snapshotRef: ref };
}

async function writeSnapshot({ store, factory, nowMs, observe }: FinishDeps, entry: SessionEntry, { part }: CapturedEnd): Promise<StoredSnapshot> {
  const startedAtMs = nowMs();
  const snapshot = await putSnapshot(store, factory.buildId, entry.chain, await part);
  observe?.({ type: "snapshot", bytes: snapshot.ref.bytes, startedAtMs, durationMs: nowMs() - startedAtMs });
  return snapshot;
}

/** Until then the session counts as running: it compresses, and must not be evicted. */
async function parkWhenWritten({ table }: FinishDeps, entry: SessionEntry, written: Promise<StoredSnapshot>): Promise<BlobRef> {
  try {
    const { ref, chain } = await written;
    if (!entry.dropped) table.park(entry, ref.digest, chain);
    return ref;
  } catch (error) {
    table.drop(entry);
    throw error;
  }
}
