/**
 * How a signature is worked on. All of them are durable runs of one workflow.
 * - `rlm`: inputs are variables of a REPL, the model writes code turn by turn.
 * - `predict`: the inputs stand in the prompt, one call gives the outputs.
 * - `chainOfThought`: the same, and the model reasons before it answers.
 * - `react`: the inputs stand in the prompt; the model calls tools, turn by turn, until it gives the outputs.
 */
export type Strategy = "rlm" | DirectStrategy;

/** Strategies without a sandbox. */
export type DirectStrategy = "predict" | "chainOfThought" | "react";

/** What a strategy changes of the limits' defaults: the turns of `predict` and `chainOfThought` are attempts. */
export function defaultLimitsOf(strategy: Strategy): { readonly maxIterations?: number } {
  return strategy === "predict" || strategy === "chainOfThought" ? { maxIterations: 3 } : {};
}

export const STRATEGIES: readonly Strategy[] = ["rlm", "predict", "chainOfThought", "react"];
