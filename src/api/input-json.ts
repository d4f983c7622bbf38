import { stringifyExactJson } from "../client/exact-json.js";
import { InputError } from "../client/errors.js";

/**
 * A value as JSON text, `bigint` as an exact integer. Members that are `undefined` are left out; everything else that JSON cannot hold is refused
 * with its place.
 * @throws InputError
 */
export function toInputJson(name: string, value: unknown): string {
  requireJson(name, name, value, new Set());
  return stringifyExactJson(value);
}

/** Deeper values are refused: Python's own reader of JSON gives up at about this depth. */
const MAX_DEPTH = 1000;

function requireJson(name: string, path: string, value: unknown, around: Set<object>): void {
  if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "bigint") return;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw refused(name, path, String(value), "Give null, or a text.");
    return;
  }
  if (typeof value !== "object") throw refused(name, path, value === undefined ? "undefined" : `a ${typeof value}`, "Give a JSON value: text, number, truth value, null, array or plain object.");
  if (around.has(value)) throw refused(name, path, "a value that contains itself", "Give it without the circle.");
  if (around.size > MAX_DEPTH) throw refused(name, path.slice(0, 80), `nested deeper than ${MAX_DEPTH}`, "Give a flatter value.");
  around.add(value);
  if (Array.isArray(value)) for (let at = 0; at < value.length; at += 1) requireJson(name, `${path}[${at}]`, value[at], around);
  else requireObject(name, path, value, around);
  around.delete(value);
}

function requireObject(name: string, path: string, value: object, around: Set<object>): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) throw refused(name, path, describeClass(value), cureOf(value));
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) requireJson(name, `${path}.${key}`, item, around);
  }
}

function describeClass(value: object): string {
  return `a ${value.constructor.name || "class instance"}`;
}

function cureOf(value: object): string {
  if (value instanceof Date) return "Give `date.toISOString()`.";
  if (value instanceof Map) return "Give `Object.fromEntries(map)`.";
  if (value instanceof Set) return "Give `[...set]`.";
  if (value instanceof Uint8Array) return "Bytes are an input of their own, or Base64 text inside a value.";
  return "Give a plain object, or `file`, `text`, `bytes` or `blob`.";
}

function refused(name: string, path: string, what: string, cure: string): InputError {
  return new InputError(name, `Input \`${name}\`: ${path} is ${what}, which JSON cannot hold. ${cure}`);
}
