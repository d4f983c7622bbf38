import { isInteger, isSafeNumber, parse, stringify } from "lossless-json";

/** Parses JSON with integers of any size: those that a double cannot hold become `bigint`. */
export function parseExactJson(text: string): unknown {
  return parse(text, undefined, (number) => (isInteger(number) && !isSafeNumber(number) ? BigInt(number) : Number(number)));
}

/** JSON text with `bigint` written as a plain integer. */
export function stringifyExactJson(value: unknown, indent?: number): string {
  return stringify(value, undefined, indent) ?? "null";
}
