import type { TypeSpec, ValueRules } from "../core/signature.js";
import { isArrayNode, isNumberNode, type JsonTree } from "./json-tree.js";

/** The first rule that a value of the right type breaks, as the words after "expected", or `null`. */
export function findBrokenRule(rules: ValueRules, value: JsonTree): string | null {
  if (isNumberNode(value)) return brokenByNumber(rules, value.toString());
  if (typeof value === "string") return brokenByText(rules, value);
  if (isArrayNode(value)) return brokenBySize(value.length, rules.minItems, rules.maxItems, "item");
  return null;
}

/** The rules of a type and of the items inside, as the model reads them beside it: `at most 3 items; each: at least 1`. Empty when there is nothing to tell. */
export function describeTypeRules(type: TypeSpec): string {
  const own = "rules" in type && type.rules !== undefined ? describeRules(type.rules) : "";
  const inner = type.kind === "list" ? type.item : type.kind === "dict" ? type.value : null;
  const each = inner === null ? "" : describeTypeRules(inner);
  return [own, each === "" ? "" : `each: ${each}`].filter((part) => part !== "").join("; ");
}

function describeRules({ pattern, multipleOf, ...rules }: ValueRules): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = rules;
  const parts = [
    isTold(minimum) ? `at least ${minimum}` : null,
    isTold(exclusiveMinimum) ? `more than ${exclusiveMinimum}` : null,
    isTold(maximum) ? `at most ${maximum}` : null,
    isTold(exclusiveMaximum) ? `less than ${exclusiveMaximum}` : null,
    multipleOf === undefined ? null : `a multiple of ${multipleOf}`,
    sizeRule(rules.minLength, rules.maxLength, "character"),
    sizeRule(rules.minItems, rules.maxItems, "item"),
    pattern === undefined ? null : `matching /${pattern}/`,
  ];
  return parts.filter((part) => part !== null).join(", ");
}

/** That an int fits a double goes without saying. */
function isTold(bound: number | undefined): boolean {
  return bound !== undefined && Math.abs(bound) !== Number.MAX_SAFE_INTEGER;
}

function brokenByNumber({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: ValueRules, text: string): string | null {
  // A comparison of bigint and number is exact.
  const value = /^-?\d+$/.test(text) ? BigInt(text) : Number(text);
  if (minimum !== undefined && value < minimum) return `at least ${minimum}`;
  if (maximum !== undefined && value > maximum) return `at most ${maximum}`;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) return `more than ${exclusiveMinimum}`;
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) return `less than ${exclusiveMaximum}`;
  if (multipleOf === undefined) return null;
  const steps = Number(value) / multipleOf;
  return Math.abs(steps - Math.round(steps)) < 1e-9 * Math.max(1, Math.abs(steps)) ? null : `a multiple of ${multipleOf}`;
}

function brokenByText({ minLength, maxLength, pattern }: ValueRules, text: string): string | null {
  const wrongSize = minLength === undefined && maxLength === undefined ? null : brokenBySize(Array.from(text).length, minLength, maxLength, "character");
  return wrongSize ?? (pattern !== undefined && !new RegExp(pattern, "u").test(text) ? `a text matching /${pattern}/` : null);
}

function brokenBySize(size: number, min = 0, max = Infinity, unit: string): string | null {
  return size < min || size > max ? `${sizeRule(min === 0 ? undefined : min, max === Infinity ? undefined : max, unit) ?? ""}, not ${size}` : null;
}

function sizeRule(min: number | undefined, max: number | undefined, unit: string): string | null {
  const units = (count: number): string => `${count} ${unit}${count === 1 ? "" : "s"}`;
  if (min !== undefined && max !== undefined) return min === max ? `exactly ${units(min)}` : `${min} to ${units(max)}`;
  return min !== undefined ? `at least ${units(min)}` : max === undefined ? null : `at most ${units(max)}`;
}
