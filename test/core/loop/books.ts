import type { CallCounts } from "../../../src/core/call-counts.js";
import type { RunLimits } from "../../../src/core/run-limits.js";
import { totalUsage, type RunState } from "../../../src/core/run-state.js";
import { must } from "./parts.js";
import type { Provider } from "./provider.js";

/** What really happened, against which the loop's books are held. */
interface Truth {
  readonly provider: Provider;
  /** Paid calls of the root model. */
  readonly rootCalls: number;
  readonly limits: RunLimits;
}

/** At every moment: the books are right, and no limit is passed by what is answered and in flight. */
export function checkBooks(state: RunState, inFlight: CallCounts, { provider, rootCalls, limits }: Truth): void {
  const { calls, toolCalls } = state;
  const { answered, failed, toolCalls: toolsAnswered } = provider;
  const { inputTokens } = totalUsage(state);
  must(inputTokens === 7 * (rootCalls + answered), `${rootCalls} root calls were paid, the books have ${inputTokens} tokens`);
  must(calls.inFlight === inFlight.llm, `${inFlight.llm} calls are in flight, the ledger says ${calls.inFlight}`);
  must(toolCalls.inFlight === inFlight.tool && toolCalls.settled === toolsAnswered, `${toolsAnswered} tool calls are settled, the ledger says ${JSON.stringify(toolCalls)}`);
  must(toolCalls.settled + toolCalls.inFlight <= limits.maxToolCalls, "more tool calls than allowed");
  must(calls.answered === answered && calls.failed === failed, `answered ${answered}, failed ${failed}; the ledger says ${JSON.stringify(calls)}`);
  must(calls.answered + calls.inFlight <= limits.maxLlmCalls, "more calls than allowed");
}
