import type { CapturedStep, FinishedStep, OnCaptured, SnapshotPart, SuspendedStep } from "../repl/session.js";

/** Lets a cell run on; `onCaptured` is told of its end before its snapshot is there. */
export type RunOn = (onCaptured: OnCaptured) => Promise<SuspendedStep | FinishedStep>;

/** The end of a cell; its snapshot is still being compressed. */
export interface CapturedEnd extends CapturedStep {
  readonly status: "captured";
  readonly part: Promise<SnapshotPart>;
}

/** Runs a cell to its next stop and tells it as soon as it is known. */
export async function nextStop(run: RunOn): Promise<SuspendedStep | CapturedEnd> {
  let onCaptured: OnCaptured = () => undefined;
  const captured = new Promise<CapturedStep>((resolve) => (onCaptured = resolve));
  const whole = run(onCaptured);
  const first = await Promise.race([captured, whole]);
  if ("status" in first && first.status === "suspended") return first;
  const part = whole.then((step) => {
    if (step.status === "finished") return step.snapshot;
    throw new Error("A cell that has ended cannot be suspended.");
  });
  // Who needs the part awaits it.
  part.catch(() => undefined);
  const { result, divergedAtSeq, tailReads, timings } = first;
  return { status: "captured", result, divergedAtSeq, tailReads, timings, pagesToWrite: "pagesToWrite" in first ? first.pagesToWrite : 0, part };
}
