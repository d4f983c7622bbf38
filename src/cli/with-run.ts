import { compose, type Composed } from "../api/compose/compose.js";
import { requireKnowable } from "../api/compose/require-knowable.js";
import type { ExitCode } from "./exit-code.js";
import { ProgressDisplay } from "./output/progress-display.js";

/** The frame of the commands about one run: composes, refuses unknown ids early, closes what was opened. */
export async function withRun(workflowId: string, quiet: boolean, act: (composed: Composed, display: ProgressDisplay) => Promise<ExitCode>): Promise<ExitCode> {
  using display = new ProgressDisplay(process.stderr, quiet);
  const composed = await compose({ onStep: (line) => display.step(line) });
  try {
    await requireKnowable(composed, workflowId);
    return await act(composed, display);
  } finally {
    await composed.close();
  }
}
