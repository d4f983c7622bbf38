import type { CheckedTask, InputsOf, OutputsOf, Task } from "../signature/typed/task-types.js";
import { Program } from "./program.js";
import type { ProgramOptions } from "./program-options.js";
import { signature } from "./signature.js";

/**
 * A task solved by a Recursive Language Model: the inputs are variables in a Python REPL, the model writes code and calls models on pieces
 * (arXiv 2512.24601). Nothing is started before `run` or `start`.
 *
 * @param task A signature as text, as an object of schemas, or made by `signature`. A mistake in a text is a compile error.
 * @throws SignatureError, SignatureFieldError
 */
export function rlm<const T extends Task>(task: CheckedTask<T>, options: ProgramOptions = {}): Program<InputsOf<T>, OutputsOf<T>> {
  return new Program("rlm", signature<T>(task), options);
}
