import { writeFile } from "node:fs/promises";
import { stringifyExactJson } from "../../client/exact-json.js";
import type { ResultDocument } from "../../core/result.js";
import { renderOutputs, renderSummary } from "./render-result.js";
import { terminalSafe } from "./terminal-safe.js";

/** A line of results. Pipes get the text as it is, a terminal gets it without control characters. */
export function printLine(text: string): void {
  process.stdout.write(`${process.stdout.isTTY ? terminalSafe(text) : text}\n`);
}

/** A line for the person: stderr. */
export function printNote(text: string): void {
  process.stderr.write(`${terminalSafe(text)}\n`);
}

/** One JSON document, indented. Integers keep every digit. */
export function printJson(document: unknown): void {
  process.stdout.write(`${stringifyExactJson(document, 2)}\n`);
}

/** One event of an NDJSON stream. */
export function printJsonLine(event: unknown): void {
  process.stdout.write(`${stringifyExactJson(event)}\n`);
}

/** The result of a run: its outputs on stdout, a summary on stderr; with `json` the whole document on stdout. */
export async function printResult(result: ResultDocument, options: { readonly json: boolean; readonly out?: string | undefined }): Promise<void> {
  if (options.out !== undefined) await writeFile(options.out, `${stringifyExactJson(result, 2)}\n`);
  if (options.json) return printJson(result);
  if (result.outputs !== null) printLine(renderOutputs(result.outputs));
  printNote(renderSummary(result));
}
