import type { CheckedTask, InputsOf, OutputsOf, Task } from "../signature/typed/task-types.js";
import { Program } from "./program.js";
import type { ProgramOptions } from "./program-options.js";
import { signature } from "./signature.js";

/**
 * A task solved by one model call: the inputs stand in the prompt, and must fit it. `maxIterations` bounds the attempts, three by default.
 *
 * @param task as for `rlm`
 * @throws SignatureError, SignatureFieldError
 */
export function predict<const T extends Task>(task: CheckedTask<T>, options: ProgramOptions = {}): Program<InputsOf<T>, OutputsOf<T>> {
  return new Program("predict", signature<T>(task), options);
}

/**
 * As `predict`, and the model reasons step by step before it answers; the trajectory has its reasoning.
 *
 * @param task as for `rlm`
 * @throws SignatureError, SignatureFieldError
 */
export function chainOfThought<const T extends Task>(task: CheckedTask<T>, options: ProgramOptions = {}): Program<InputsOf<T>, OutputsOf<T>> {
  return new Program("chainOfThought", signature<T>(task), options);
}

/**
 * A task solved with tools: the inputs stand in the prompt, the model calls tools turn by turn until it gives the outputs
 * (Yao et al., arXiv 2210.03629). `maxIterations` bounds the turns.
 *
 * @param task as for `rlm`
 * @throws SignatureError, SignatureFieldError
 */
export function react<const T extends Task>(task: CheckedTask<T>, options: ProgramOptions = {}): Program<InputsOf<T>, OutputsOf<T>> {
  return new Program("react", signature<T>(task), options);
}
