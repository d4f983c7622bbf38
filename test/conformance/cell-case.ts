import { readFileSync } from "node:fs";
import { type LosslessNumber, parse, stringify } from "lossless-json";
import type { CaseTool } from "./case-tool.js";

/** One case of data/cells.json or of the other files of cells; the format is described in data/README.md. */
export interface CellCase {
  readonly group: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly cells: readonly string[];
  readonly expect: readonly Expectation[];
  readonly outputs?: readonly { readonly name: string }[];
  readonly tools?: readonly CaseTool[];
  readonly llm?: { readonly prefix: string; readonly fail_on?: string };
  readonly max_llm_calls?: LosslessNumber;
  /** Needs a session of its own. */
  readonly fresh?: boolean;
}

export interface Expectation {
  readonly any?: boolean;
  readonly any_of?: readonly Expectation[];
  readonly stdout?: string;
  readonly stdout_contains?: string;
  readonly stdout_len?: LosslessNumber;
  /** JSON value of the trailing expression. */
  readonly value?: unknown;
  readonly error?: { readonly type: string; readonly contains?: string };
  readonly submit?: Readonly<Record<string, unknown>>;
  readonly submit_len?: Readonly<Record<string, LosslessNumber>>;
}

/** All cases of a file. Numbers keep their digits. */
export function loadCellCases(file: "cells.json" | "more-cells.json" | "neighbour-cells.json"): readonly CellCase[] {
  return parse(readFileSync(new URL(`data/${file}`, import.meta.url), "utf8")) as CellCase[];
}

/** JSON text of an input: generated ones are written as `{"$repeat": [text, times]}` and `{"$dicts": count}`. */
export function inputJson(value: unknown): string {
  if (isObject(value) && Array.isArray(value["$repeat"])) return JSON.stringify(String(value["$repeat"][0]).repeat(Number(value["$repeat"][1])));
  if (isObject(value) && value["$dicts"] !== undefined) {
    return JSON.stringify(Array.from({ length: Number(value["$dicts"]) }, (_, i) => ({ i, t: `row ${i}` })));
  }
  return String(stringify(value));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
