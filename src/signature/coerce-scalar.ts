import type { TypeSpec } from "../core/signature.js";
import { isCalendarDate, isIsoDateTime } from "./iso-date.js";
import { isIntegerText, isNumberNode, nonFiniteName, numberNode, type JsonTree } from "./json-tree.js";

/** How far a value may be from its type: as it is; an int where a float is wanted; a text or number that can only mean one value of the type. */
export type Leniency = "exact" | "widen" | "coerce";

type ScalarKind = Exclude<TypeSpec["kind"], "list" | "dict" | "tuple" | "literal" | "union" | "object" | "any">;

// These read megabytes that a model wrote: no two repetitions in them may match the same characters, or a text takes the square of its length.
const INTEGER_TEXT = /^([+-]?)(\d+)(?:\.0*)?$/;
const FLOAT_TEXT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The value as the type wants it, or `undefined` when it is something else. Integers stay exact at any size. */
export function coerceScalar(kind: ScalarKind, value: JsonTree, leniency: Leniency): JsonTree | undefined {
  switch (kind) {
    case "str":
      return typeof value === "string" ? value : leniency === "coerce" ? toText(value) : undefined;
    case "int":
      return toInteger(value, leniency);
    case "float":
      return toFloat(value, leniency);
    case "bool":
      return toBoolean(value, leniency);
    case "none":
      return value === null || (leniency === "coerce" && typeof value === "string" && /^\s*(none|null)\s*$/i.test(value)) ? null : undefined;
    case "bytes":
      return typeof value === "string" && isBase64(value) ? value : undefined;
    case "date":
      return typeof value === "string" ? toDate(value, leniency) : undefined;
    case "datetime":
      return toDateTime(value, leniency);
  }
}

/** A number reads the same as text; dspy.RLM takes it too. Truth values, lists and dicts have several spellings and are refused. */
function toText(value: JsonTree): string | undefined {
  return isNumberNode(value) && nonFiniteName(value) === null ? value.toString() : undefined;
}

function toInteger(value: JsonTree, leniency: Leniency): JsonTree | undefined {
  if (isNumberNode(value) && isIntegerText(value.toString())) return value;
  if (leniency !== "coerce") return undefined;
  if (isNumberNode(value)) {
    const float = Number(value.toString());
    return nonFiniteName(value) === null && Number.isInteger(float) ? numberNode(BigInt(float).toString()) : undefined;
  }
  const [, sign, written] = (typeof value === "string" && INTEGER_TEXT.exec(value.trim())) || [];
  const digits = written?.replace(/^0+(?=\d)/, "");
  return digits === undefined ? undefined : numberNode(`${sign === "-" && digits !== "0" ? "-" : ""}${digits}`);
}

function toFloat(value: JsonTree, leniency: Leniency): JsonTree | undefined {
  if (isNumberNode(value)) {
    if (nonFiniteName(value) !== null) return undefined;
    if (!isIntegerText(value.toString())) return value;
    return leniency === "exact" ? undefined : floatNode(Number(value.toString()));
  }
  if (leniency !== "coerce" || typeof value !== "string") return undefined;
  return FLOAT_TEXT.test(value.trim()) ? floatNode(Number(value)) : undefined;
}

/** Written with a point or an exponent, so that Python reads a float back. */
function floatNode(value: number): JsonTree | undefined {
  if (!Number.isFinite(value)) return undefined;
  const text = String(value);
  return numberNode(isIntegerText(text) ? `${text}.0` : text);
}

const TRUTH_WORDS: ReadonlyMap<string, boolean> = new Map([["true", true], ["yes", true], ["1", true], ["false", false], ["no", false], ["0", false]]);

/** As Python's validators do: `yes`, `no`, 1 and 0 have one meaning where a truth value is wanted. */
function toBoolean(value: JsonTree, leniency: Leniency): JsonTree | undefined {
  if (typeof value === "boolean") return value;
  const word = typeof value === "string" ? value : isNumberNode(value) ? value.toString() : null;
  return leniency !== "coerce" || word === null ? undefined : TRUTH_WORDS.get(word.trim().toLowerCase());
}

/** The midnight of a day without a zone is that day. */
function toDate(value: string, leniency: Leniency): JsonTree | undefined {
  const day = leniency === "coerce" ? value.trim().replace(/[T ]00:00(:00(\.0+)?)?$/, "") : value;
  return isCalendarDate(day) ? day : undefined;
}

function toDateTime(value: JsonTree, leniency: Leniency): JsonTree | undefined {
  if (typeof value !== "string") return undefined;
  if (isIsoDateTime(value)) return value;
  return leniency === "coerce" && isCalendarDate(value) ? `${value}T00:00:00` : undefined;
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
