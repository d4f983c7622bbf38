import type { RunProgress } from "../../core/run-progress.js";
import type { PlanRecord, TurnRecord } from "../../core/trajectory.js";
import { getRecord } from "../../journal/records.js";
import type { BlobStore } from "../../store/blob-store.js";
import type { ProgressDisplay } from "./progress-display.js";

/** `--verbose`: what the model thought and wrote, and what came out. */
export async function printTurnDetail(store: BlobStore, display: ProgressDisplay, event: RunProgress): Promise<void> {
  if (event.type === "turn-planned") {
    const plan = await getRecord<PlanRecord>(store, event.planRef);
    block(display, `turn ${event.turn}: reasoning`, plan.reasoning);
    if (plan.code !== null) block(display, `turn ${event.turn}: code`, plan.code);
  } else if (event.type === "turn-finished") {
    const record = await getRecord<TurnRecord>(store, event.trajectoryRef);
    block(display, `turn ${event.turn}: output`, record.observation);
    if (record.submitFaults.length > 0) block(display, `turn ${event.turn}: SUBMIT was refused`, record.submitFaults.join("\n"));
  }
}

function block(display: ProgressDisplay, title: string, text: string): void {
  if (text.trim() !== "") display.line(`── ${title} ──\n${text.trimEnd()}`);
}
