import { setTimeout as sleep } from "node:timers/promises";
import { Context } from "@temporalio/activity";
import type { OpenRow, SettledRow } from "../src/core/batch-wire.js";
import { NO_USAGE } from "../src/core/usage.js";
import { findManifest } from "../src/journal/find-manifest.js";
import type { BlobStore } from "../src/store/blob-store.js";
import { settledRow } from "./prepare-rows.js";
import { runState } from "./run-state.js";

const LOOK_EVERY_MS = 1000;

/** Waits until one of these rows, or more, is closed; returns those that are. A run that closed without a manifest was ended from outside. */
export async function awaitRows(store: BlobStore, rows: readonly OpenRow[], signal: AbortSignal): Promise<readonly SettledRow[]> {
  for (;;) {
    const looks = await Promise.all(rows.map((row) => look(store, row)));
    const settled = looks.filter((row) => row !== null);
    if (settled.length > 0) return settled;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

async function look(store: BlobStore, { index, workflowId, reservedCalls }: OpenRow): Promise<SettledRow | null> {
  const before = await findManifest(store, workflowId);
  if (before !== null) return settledRow(index, before);
  if ((await runState(Context.current().client.workflow, workflowId)) === "open") return null;
  // It may have closed between the two questions.
  const manifest = await findManifest(store, workflowId);
  if (manifest !== null) return settledRow(index, manifest);
  return { index, status: "failed", reason: "The run was ended from outside, without a result.", workflowId, outputsRef: null, turns: 0, llmCalls: reservedCalls, usage: NO_USAGE };
}
