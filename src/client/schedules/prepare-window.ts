import type { EmptyWindowNotice, PreparedWindow, PrepareWindowArgs, SchedulePlan } from "../../core/schedule-wire.js";
import { isDirect } from "../../core/run-spec.js";
import { findManifest } from "../../journal/find-manifest.js";
import { getRecord, putRecord } from "../../journal/records.js";
import { expandWindow } from "../../sources/expand-window.js";
import { Redaction } from "../../sources/redaction.js";
import { SourceError } from "../../sources/source-error.js";
import type { BlobStore } from "../../store/blob-store.js";
import { InputError } from "../errors.js";
import { prepareInputs } from "../inputs/prepare-inputs.js";
import { requireRoom } from "../inputs/require-room.js";
import { requirePromptableInputs } from "../promptable-inputs.js";
import { putSinks } from "../put-sinks.js";
import { windowRunId, windowSinks } from "./window-fields.js";

export interface WindowPorts {
  readonly store: BlobStore;
  /** Of the workers of this version. */
  readonly replQueue: string;
  /** What the server knows of a run without a manifest. */
  readonly stateOf: (workflowId: string) => Promise<"open" | "closed" | "unknown">;
}

/**
 * Stores the inputs of one window of a schedule, so that its run can be started. Repeating it does no harm.
 * @throws SourceError `unreachable`: another try may go through; errors of the store
 */
export async function prepareWindow(ports: WindowPorts, { planRef, scheduledAtMs }: PrepareWindowArgs): Promise<PreparedWindow> {
  const { store } = ports;
  const plan = await getRecord<SchedulePlan>(store, planRef);
  const known = await findRun(ports, plan, scheduledAtMs);
  if (typeof known !== "string") return known;
  const sinksRef = await putSinks(store, windowSinks(plan.sinks, scheduledAtMs, plan.timing.timeZone));
  try {
    const specRef = await putRecord(store, await windowSpec(store, plan, scheduledAtMs));
    return { found: "run", workflowId: known, specRef, sinksRef, direct: isDirect(plan.spec), replQueue: ports.replQueue };
  } catch (error) {
    const source = error instanceof InputError && error.cause instanceof SourceError ? error.cause : null;
    if (source?.kind === "unreachable" || !(error instanceof InputError)) throw source ?? error;
    if (source?.kind !== "missing") return { found: "fault", workflowId: known, reason: error.message };
    const reason = `${error.message} When it is there: rlm schedule backfill ${plan.scheduleId} --from ${isoSeconds(scheduledAtMs)}`;
    const notice: EmptyWindowNotice = { scheduleId: plan.scheduleId, scheduledAt: isoSeconds(scheduledAtMs), status: "empty", reason };
    return { found: "nothing", workflowId: known, reason, sinksRef, noticeRef: await putRecord(store, notice) };
  }
}

/** The run that the window has; else the id for a new one. A run that failed or was cancelled does not count: whoever starts the window again wants another try. */
async function findRun({ store, stateOf }: WindowPorts, { scheduleId, timing: { timeZone } }: SchedulePlan, scheduledAtMs: number): Promise<PreparedWindow | string> {
  for (let generation = 1; ; generation += 1) {
    const workflowId = windowRunId(scheduleId, scheduledAtMs, timeZone, generation);
    const manifest = await findManifest(store, workflowId);
    if (manifest !== null && (manifest.status === "answered" || manifest.status === "degraded")) return { found: "closed", workflowId, status: manifest.status, reason: manifest.reason };
    if (manifest !== null) continue;
    const state = await stateOf(workflowId);
    if (state === "open") return { found: "open", workflowId };
    if (state === "unknown") return workflowId;
  }
}

async function windowSpec(store: BlobStore, { spec, sources, timing: { timeZone }, redact }: SchedulePlan, scheduledAtMs: number) {
  const fields = spec.signature.inputs.filter(({ name }) => sources.some((source) => source.name === name));
  const { inputs } = await prepareInputs({
    store,
    signature: { ...spec.signature, inputs: fields },
    given: sources.map(({ name, address, as }) => ({ name, source: { from: "file", path: expandWindow(address, scheduledAtMs, timeZone), as } })),
    redaction: Redaction.of(redact),
  });
  const all = [...spec.inputs, ...inputs];
  const ordered = { ...spec, inputs: spec.signature.inputs.flatMap(({ name }) => all.filter((input) => input.name === name)) };
  requirePromptableInputs(ordered);
  requireRoom(ordered);
  return ordered;
}

function isoSeconds(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.000Z$/, "Z");
}
