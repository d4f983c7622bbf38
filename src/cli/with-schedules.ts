import { compose, type Composed } from "../api/compose/compose.js";
import { ScheduleNotFoundError } from "../client/schedules/schedule-error.js";
import type { ExitCode } from "./exit-code.js";
import { ProgressDisplay } from "./output/progress-display.js";

export interface ScheduleScope {
  readonly composed: Composed;
  /** A line for the person. */
  readonly say: (line: string) => void;
}

/** The frame of the commands about schedules. @param existing a schedule that must be there: where no server has ever been, none is started to look */
export async function withSchedules(quiet: boolean, act: (scope: ScheduleScope) => Promise<ExitCode>, { existing, flags = {} }: { readonly existing?: string; readonly flags?: object } = {}): Promise<ExitCode> {
  using display = new ProgressDisplay(process.stderr, quiet);
  const composed = await compose({ flags, onStep: (line) => display.step(line) });
  try {
    if (existing !== undefined && (await composed.hasNoServer())) throw new ScheduleNotFoundError(existing);
    return await act({ composed, say: (line) => display.line(line) });
  } finally {
    await composed.close();
  }
}
