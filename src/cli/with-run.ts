import { RunNotFoundError } from "../client/errors.js";
import { readManifest } from "../client/read-manifest.js";
import { compose, type Composed } from "../api/compose/compose.js";
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

/** An id that no server can know is refused at once: a mistyped one must not start (or download) a server. */
async function requireKnowable({ client, hasNoServer }: Composed, workflowId: string): Promise<void> {
  if ((await readManifest(client.store, workflowId)) === null && (await hasNoServer())) throw new RunNotFoundError(workflowId);
}
