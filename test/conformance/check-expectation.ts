import { isLosslessNumber, stringify } from "lossless-json";
import type { CellResult } from "../../src/core/cell.js";
import type { Expectation } from "./cell-case.js";
import { whole } from "../helpers/whole-text.js";

/** Names of the cases for errors that are ours to name. */
const OWN_NAMES: Readonly<Record<string, readonly string[]>> = {
  Timeout: ["CellTimeout"],
  MemoryLimit: ["MemoryError"],
  SyntaxError: ["SyntaxError", "IndentationError"],
};

/** What of the expectation does not hold, as sentences; none when all does. */
export function unmet(expected: Expectation, result: CellResult): string[] {
  if (expected.any === true) return [];
  if (expected.any_of !== undefined) {
    const failures = expected.any_of.map((option) => unmet(option, result));
    return failures.some((failure) => failure.length === 0) ? [] : failures.flat();
  }
  const shown = whole(result.output);
  const faults: string[] = [];
  const must = (holds: boolean, what: string): void => void (holds || faults.push(`${what}; got ${brief(result)}`));
  const { stdout, stdout_contains, stdout_len, value, error, submit, submit_len } = expected;
  // The trailing value is a part of what a text REPL shows.
  if (stdout !== undefined) must(shown === stdout || (shown === "" && result.value !== null && whole(result.value) === stdout), `stdout is ${JSON.stringify(stdout)}`);
  if (stdout_contains !== undefined) must(`${shown}${result.value === null ? "" : whole(result.value)}`.includes(stdout_contains), `stdout contains ${stdout_contains}`);
  if (stdout_len !== undefined) must(result.output.chars === Number(stdout_len) && [...shown].length === Number(stdout_len), `stdout has ${String(stdout_len)} characters`);
  if (value !== undefined) must(result.value !== null && asLists(whole(result.value)) === pythonRepr(value), `the value is ${pythonRepr(value)}`);
  if (error === undefined) must(result.error === null, "no error");
  else must(isError(error, result), `an error ${error.type} with ${error.contains ?? "any text"}`);
  if (submit !== undefined) must(result.submit?.json === stringify(submit), `submitted ${stringify(submit)}`);
  if (submit_len !== undefined) {
    const submitted = JSON.parse(result.submit?.json ?? "{}") as Record<string, string>;
    for (const [name, length] of Object.entries(submit_len)) must(submitted[name]?.length === Number(length), `${name} has ${String(length)} characters`);
  }
  return faults;
}

function isError(expected: { readonly type: string; readonly contains?: string }, { error }: CellResult): boolean {
  if (error === null) return false;
  const names = OWN_NAMES[expected.type] ?? [expected.type];
  return names.includes(error.type) && (expected.contains === undefined || `${error.message}\n${whole(error.traceback)}`.includes(expected.contains));
}


function brief(result: CellResult): string {
  return JSON.stringify({ ...result, output: whole(result.output).slice(0, 500) }).slice(0, 2_000);
}

/** The data, being JSON, writes tuples as lists. */
function asLists(repr: string): string {
  return repr.replaceAll("(", "[").replaceAll(")", "]");
}

/** `repr` of a JSON value. */
function pythonRepr(value: unknown): string {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") return `'${value}'`;
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  if (isLosslessNumber(value)) return value.toString();
  if (typeof value === "object") {
    return `{${Object.entries(value).map(([key, item]) => `'${key}': ${pythonRepr(item)}`).join(", ")}}`;
  }
  throw new TypeError(`${typeof value} is no JSON value`);
}
