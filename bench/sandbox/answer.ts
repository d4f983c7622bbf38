import type { FinishedStep } from "../../src/repl/session.js";
import type { BenchChain } from "./rig.js";

/** Runs a cell and answers each of its calls at once. */
export async function answerAll(chain: BenchChain, code: string): Promise<FinishedStep> {
  let step = await chain.exec(code);
  while (step.status === "suspended") {
    step = await chain.session.resume({ outcomes: step.request.calls.map(() => ({ text: "y" })), llmCallsUsed: 1 });
    if (step.status === "finished") {
      chain.parts.length = step.snapshot.keptParts;
      chain.parts.push(step.snapshot.bytes);
    }
  }
  return step;
}
