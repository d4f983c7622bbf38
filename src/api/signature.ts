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
  const { inputs, outputs, instructions }: SignatureObject = task;
  return TypedSignature.fromSchemas({ inputs, outputs }, instructions);
}
