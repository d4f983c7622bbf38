import { isLosslessNumber, LosslessNumber, parse, stringify } from "lossless-json";

/** A JSON value whose numbers are still the text that was written, so that no integer passes through a double. */
export type JsonTree = null | boolean | string | LosslessNumber | readonly JsonTree[] | { readonly [key: string]: JsonTree };

/** Stand-ins for numbers JSON lacks, which Python's `json.dumps` writes all the same; no real number is spelled like this. */
const NON_FINITE: Readonly<Record<string, string>> = { NaN: "0e90000001", Infinity: "1e90000001", "-Infinity": "-1e90000001" };
const NON_FINITE_NAMES: ReadonlyMap<string, string> = new Map(Object.entries(NON_FINITE).map(([name, text]) => [text, name]));

/** Parses JSON text, `NaN` and `Infinity` included (so that the fault can name their place). Throws `SyntaxError` or, nested too deep, `RangeError`. */
export function parseJsonTree(text: string): JsonTree {
  // Without the callback a repeated key is an error; Python's own reader takes the last one.
  return parse(markNonFinite(text), undefined, { onDuplicateKey: ({ newValue }: { newValue: unknown }) => newValue }) as JsonTree;
}

function markNonFinite(text: string): string {
  if (!/NaN|Infinity/.test(text)) return text;
  const parts: string[] = [];
  let copied = 0;
  const token = /"|-?Infinity|NaN/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (match[0] === '"') {
      token.lastIndex = endOfJsonString(text, match.index);
    } else {
      parts.push(text.slice(copied, match.index), NON_FINITE[match[0]] ?? "");
      copied = token.lastIndex;
    }
  }
  return parts.join("") + text.slice(copied);
}

/** Index after the string that begins at `start`. Found by search, not by one regular expression, which strings of many MB would overflow. */
function endOfJsonString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charAt(quote - 1 - backslashes) === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

/** JSON text of a tree; numbers as they were written. */
export function stringifyJsonTree(tree: JsonTree): string {
  return stringify(tree) ?? "null";
}

export function isNumberNode(tree: JsonTree): tree is LosslessNumber {
  return isLosslessNumber(tree);
}

export function isObjectNode(tree: JsonTree): tree is { readonly [key: string]: JsonTree } {
  return typeof tree === "object" && tree !== null && !Array.isArray(tree) && !isLosslessNumber(tree);
}

export function isArrayNode(tree: JsonTree): tree is readonly JsonTree[] {
  return Array.isArray(tree);
}

export function numberNode(text: string): LosslessNumber {
  return new LosslessNumber(text);
}

/** `NaN`, `Infinity` or `-Infinity` when the number is not finite (a text too large for a double counts), else `null`. */
export function nonFiniteName(node: LosslessNumber): string | null {
  const text = node.toString();
  const name = NON_FINITE_NAMES.get(text);
  if (name !== undefined) return name;
  if (isIntegerText(text) || Number.isFinite(Number(text))) return null;
  return text.startsWith("-") ? "-Infinity" : "Infinity";
}

export function isIntegerText(text: string): boolean {
  return /^-?\d+$/.test(text);
}

/** The JavaScript value: safe integers and all others as `number`, larger integers as `bigint`. */
export function toPlainValue(tree: JsonTree): unknown {
  if (isNumberNode(tree)) return toPlainNumber(tree.toString());
  if (isArrayNode(tree)) return tree.map(toPlainValue);
  if (!isObjectNode(tree)) return tree;
  // fromEntries defines its properties, so a key `__proto__` stays a key.
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, toPlainValue(value)]));
}

function toPlainNumber(text: string): number | bigint {
  const value = Number(text);
  return isIntegerText(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}
