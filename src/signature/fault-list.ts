import type { TypeSpec } from "../core/signature.js";
import { pythonTypeOf, shortenValue } from "./describe-value.js";
import { formatType } from "./format-type.js";
import type { JsonTree } from "./json-tree.js";
import { isPythonIdentifier } from "./names.js";

/** More than a model can use; a list of a million wrong items must not make a million lines. */
const MAX_FAULTS = 20;
const MAX_TYPE_CHARS = 200;
/** How a text of these types is written. */
const FORMS: Partial<Record<TypeSpec["kind"], string>> = { date: " (like '2026-01-31')", datetime: " (like '2026-01-31T12:00:00')", bytes: " (as Base64 text)" };

/** Collects faults of a value, each with its path; beyond the bound they are only counted. */
export class FaultList {
  private readonly faults: string[] = [];
  private count = 0;

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** Faults so far, those beyond the bound included. */
  get size(): number {
    return this.count;
  }

  add(path: string, problem: string): void {
    this.count += 1;
    if (this.faults.length < MAX_FAULTS) this.faults.push(`${path}: ${problem}`);
  }

  addMismatch(path: string, type: TypeSpec, value: JsonTree): void {
    this.add(path, `expected ${shortType(type)}${FORMS[type.kind] ?? ""}, got ${shortenValue(value)} (${pythonTypeOf(value)})`);
  }

  addMissing(path: string, type: TypeSpec): void {
    this.add(path, `is missing; expected ${shortType(type)}`);
  }

  toArray(): string[] {
    const more = this.count - this.faults.length;
    return more === 0 ? [...this.faults] : [...this.faults, `… and ${more} more`];
  }
}

export function keyPath(path: string, key: string): string {
  return isPythonIdentifier(key) ? `${path}.${key}` : `${path}[${shortenValue(key)}]`;
}

function shortType(type: TypeSpec): string {
  const text = formatType(type);
  return text.length <= MAX_TYPE_CHARS ? text : `${text.slice(0, MAX_TYPE_CHARS)}…`;
}
