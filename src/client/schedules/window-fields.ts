import type { SinkSpec } from "../../core/sink-spec.js";
import { expandWindow } from "../../sources/expand-window.js";
import { windowName } from "../../sources/window-name.js";

/** Workflow id of the run of a window. A run that failed and is run again gets another one. @param generation from 1 */
export function windowRunId(scheduleId: string, scheduledAtMs: number, timeZone: string, generation: number): string {
  return `${scheduleId}/${windowName(scheduledAtMs, timeZone)}${generation === 1 ? "" : `~${generation}`}`;
}

/** The sinks of one window: parts of the window in paths are filled in; `{id}` stays for the delivery. @throws SourceError a part that there is not */
export function windowSinks(sinks: readonly SinkSpec[], scheduledAtMs: number, timeZone: string): readonly SinkSpec[] {
  return sinks.map((sink) => (sink.type === "file" ? { ...sink, path: sink.path.split("{id}").map((part) => expandWindow(part, scheduledAtMs, timeZone)).join("{id}") } : sink));
}
