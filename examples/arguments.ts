import { isDeepStrictEqual, parseArgs } from "node:util";

export interface ExampleArguments {
  /** The same seed and size give the same data. */
  readonly seed: string;
  /** Size of the generated data, about. */
  readonly bytes: number;
}

const MIN_BYTES = 1_000_000;

/** `--seed TEXT` and `--bytes N` of the command line. @throws RangeError for a size below 1,000,000 */
export function readArguments(): ExampleArguments {
  const { values } = parseArgs({ options: { seed: { type: "string", default: "1" }, bytes: { type: "string", default: "10000000" } } });
  const bytes = Number(values.bytes);
  if (!Number.isSafeInteger(bytes) || bytes < MIN_BYTES) throw new RangeError(`--bytes is "${values.bytes}"; it is a whole number, at least ${MIN_BYTES}.`);
  return { seed: values.seed, bytes };
}

/** Prints what came out, and whether it is what the generator of the data knows to be true. */
export function report({ outputs, status, turns, llmCalls }: { readonly outputs: object; readonly status: string; readonly turns: number; readonly llmCalls: number }, truth: object): void {
  const given: Record<string, unknown> = { ...outputs };
  const right = Object.entries(truth).every(([name, value]) => isDeepStrictEqual(given[name], value));
  console.log(JSON.stringify({ outputs, truth, right, status, turns, llmCalls }, null, 2));
}
