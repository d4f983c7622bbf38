import type { TypeSpec } from "../core/signature.js";
import { checkFields } from "./check-fields.js";
import { findBrokenRule } from "./check-rules.js";
import { coerceLiteral } from "./coerce-literal.js";
import { coerceScalar } from "./coerce-scalar.js";
import { parseContainerText } from "./container-text.js";
import { shortenValue } from "./describe-value.js";
import { FaultList, keyPath } from "./fault-list.js";
import { isArrayNode, isNumberNode, isObjectNode, nonFiniteName, type JsonTree } from "./json-tree.js";
import type { ValueCheck } from "./value-check.js";

/** Checks a value against its type and rules and returns it as the type wants it; what does not fit is added to `check.faults` and returned as it was. */
export function checkValue(type: TypeSpec, given: JsonTree, path: string, check: ValueCheck): JsonTree {
  const faultsBefore = check.faults.size;
  const value = checkKind(type, given, path, check);
  // The rules of a value of the wrong type would only be noise.
  if (!("rules" in type) || type.rules === undefined || check.faults.size > faultsBefore) return value;
  const broken = findBrokenRule(type.rules, value);
  if (broken !== null) check.faults.add(path, `expected ${broken}, got ${shortenValue(value)}`);
  return value;
}

function checkKind(type: TypeSpec, given: JsonTree, path: string, check: ValueCheck): JsonTree {
  const value = openText(type, given, check);
  switch (type.kind) {
    case "any":
      return checkFinite(value, path, check);
    case "list":
      if (isArrayNode(value)) return value.map((item, index) => checkValue(type.item, item, `${path}[${index}]`, check));
      break;
    case "tuple":
      if (isArrayNode(value) && value.length === type.items.length) return type.items.map((item, index) => checkValue(item, value[index] ?? null, `${path}[${index}]`, check));
      break;
    case "dict":
      if (isObjectNode(value)) return mapObject(value, (key, item) => checkValue(type.value, item, keyPath(path, key), check));
      break;
    case "object":
      if (isObjectNode(value)) return checkFields(type.fields, value, (name) => keyPath(path, name), check, checkValue);
      break;
    case "union":
      return checkUnion(type, value, path, check);
    case "literal":
      return orFault(coerceLiteral(type.values, value, check.leniency), type, value, path, check);
    case "str":
    case "int":
    case "float":
    case "bool":
    case "none":
    case "bytes":
    case "date":
    case "datetime":
      return orFault(coerceScalar(type.kind, value, check.leniency), type, value, path, check);
  }
  return orFault(undefined, type, given, path, check);
}

function orFault(checked: JsonTree | undefined, type: TypeSpec, given: JsonTree, path: string, check: ValueCheck): JsonTree {
  if (checked !== undefined) return checked;
  check.faults.addMismatch(path, type, given);
  return given;
}

/** Where a list or dict is wanted, a text that writes one out counts as it. */
function openText(type: TypeSpec, value: JsonTree, check: ValueCheck): JsonTree {
  if (check.leniency !== "coerce" || typeof value !== "string") return value;
  const bracket = type.kind === "list" || type.kind === "tuple" ? "[" : type.kind === "dict" || type.kind === "object" ? "{" : null;
  return bracket === null ? value : (parseContainerText(value, bracket) ?? value);
}

function checkFinite(value: JsonTree, path: string, check: ValueCheck): JsonTree {
  if (isNumberNode(value)) {
    if (nonFiniteName(value) !== null) check.faults.addMismatch(path, { kind: "float" }, value);
  } else if (isArrayNode(value)) {
    value.forEach((item, index) => checkFinite(item, `${path}[${index}]`, check));
  } else if (isObjectNode(value)) {
    for (const [key, item] of Object.entries(value)) checkFinite(item, keyPath(path, key), check);
  }
  return value;
}

/** The option that fits with the least change wins; among equals the first. */
function checkUnion(type: Extract<TypeSpec, { kind: "union" }>, value: JsonTree, path: string, check: ValueCheck): JsonTree {
  const levels = (["exact", "widen", "coerce"] as const).slice(0, check.leniency === "exact" ? 1 : check.leniency === "widen" ? 2 : 3);
  for (const leniency of levels) {
    for (const option of type.options) {
      const faults = new FaultList();
      const checked = checkValue(option, value, path, { leniency, faults });
      if (faults.isEmpty) return checked;
    }
  }
  const sameShape = type.options.filter((option) => isContainerOf(option, value));
  const [only] = sameShape;
  if (only !== undefined && sameShape.length === 1) return checkValue(only, value, path, check);
  check.faults.addMismatch(path, type, value);
  return value;
}

function isContainerOf(type: TypeSpec, value: JsonTree): boolean {
  if (isArrayNode(value)) return type.kind === "list" || type.kind === "tuple";
  return isObjectNode(value) && (type.kind === "dict" || type.kind === "object");
}

function mapObject(value: { readonly [key: string]: JsonTree }, map: (key: string, item: JsonTree) => JsonTree): JsonTree {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(key, item)]));
}
