import { MAX_ERROR_CHARS } from "./protocol.js";

/** What ended the interpreter, in words for the model where the cause is known. */
export function describeFailure(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const status = /^Program terminated with exit\((-?\d+)\)/.exec(text)?.[1];
  if (status !== undefined) return `the cell ended its own process (os._exit, or a signal to itself), status ${status}`;
  if (text.includes("Maximum call stack size exceeded")) return "recursion too deep for the interpreter's stack";
  if (text === "unreachable") return "the process was aborted (os.abort, or a fault in C code)";
  return text.slice(-MAX_ERROR_CHARS);
}
