import type { IncidentTruth } from "./incident-plan.js";

export interface DemoAnswer {
  readonly service: string;
  readonly cause: string;
  readonly evidence: string;
}

/** Compares the answer with what the log generator did. */
export function checkAnswer({ service, cause }: DemoAnswer, truth: IncidentTruth, say: (text: string) => void): boolean {
  const right = service === truth.firstFailedService && cause === truth.cause;
  const mark = right ? "RIGHT" : "WRONG";
  say(`\n${mark}: the generator made "${truth.firstFailedService}" fail first, by "${truth.cause}"; the answer is "${service}", "${cause}".\n`);
  return right;
}
