import { SignatureFieldError } from "../signature/field-error.js";
import { TypedSignature } from "../signature/typed-signature.js";
import type { CheckedTask, InputsOf, OutputsOf, SignatureObject, Task } from "../signature/typed/task-types.js";

type SignatureOf<T> = TypedSignature<InputsOf<T>, OutputsOf<T>>;

/**
 * A typed task: from a text such as `"logs, question -> answer: str"`, or from an object of schemas (zod, or any Standard Schema that gives JSON
 * Schema). A mistake in a text that the compiler knows is a compile error, too.
 *
 * @throws SignatureError a text that cannot be used, with column and cure
 * @throws SignatureFieldError a field that cannot be used
 */
export function signature<const T extends Task>(task: CheckedTask<T>): SignatureOf<T> {
  return toSignature(task) as unknown as SignatureOf<T>;
}

function toSignature(task: Task): TypedSignature<object, object> {
  if (task instanceof TypedSignature) return task;
  if (typeof task === "string") return TypedSignature.parse(task);
  const { inputs, outputs, instructions }: Partial<SignatureObject> = isObject(task) ? task : {};
  if (!isObject(inputs) || !isObject(outputs)) {
    throw new SignatureFieldError("illegal_form", "", "it is neither a text nor an object of schemas.", 'Write "logs -> answer: str", or { inputs: { … }, outputs: { … } }.');
  }
  if (instructions !== undefined && typeof instructions !== "string") throw new SignatureFieldError("illegal_form", "", "its instructions are no text.", "Give a string.");
  return TypedSignature.fromSchemas({ inputs, outputs }, instructions);
}

/** A program in JavaScript may give anything. */
function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
