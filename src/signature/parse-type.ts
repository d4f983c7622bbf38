import type { SignatureField, TypeSpec } from "../core/signature.js";
import { parseLiteralWord } from "./literal-word.js";
import { parseNamedType } from "./parse-named-type.js";
import { parseTypeList } from "./parse-type-list.js";
import type { TokenCursor } from "./token-cursor.js";
import { unionOf } from "./union-of.js";

/** Deeper types are refused: nobody means them, and they would exhaust the stack. */
const MAX_DEPTH = 32;

/** Parses one type in Python's or TypeScript's spelling: `list[int] | None`, `string[]`, `'a' | 'b'`, `{ a: str, b?: int }`. Throws `SignatureError`. */
export function parseType(cursor: TokenCursor, depth = 0): TypeSpec {
  if (depth > MAX_DEPTH) throw cursor.error("too_deep", `types are nested deeper than ${MAX_DEPTH}.`, "Use `any` or `dict` for the inner part.", cursor.peek());
  const options = [parseArrayType(cursor, depth)];
  while (cursor.take("|")) options.push(parseArrayType(cursor, depth));
  return unionOf(options);
}

function parseArrayType(cursor: TokenCursor, depth: number): TypeSpec {
  let type = parsePrimary(cursor, depth);
  while (cursor.take("[")) {
    cursor.expect("]", "Write `T[]` for a list of T.");
    type = { kind: "list", item: type };
  }
  return type;
}

function parsePrimary(cursor: TokenCursor, depth: number): TypeSpec {
  const token = cursor.peek();
  if (cursor.take("(")) {
    const inner = parseType(cursor, depth + 1);
    cursor.expect(")", "Close the parenthesis.");
    return inner;
  }
  if (cursor.take("{")) return parseObjectType(cursor, depth);
  if (cursor.take("[")) return { kind: "tuple", items: parseTypeList(cursor, "]", depth, parseType) };
  if (token.kind === "string") {
    cursor.next();
    return { kind: "literal", values: [token.text] };
  }
  if (token.kind !== "word") throw cursor.unexpected("a type", "Write a type such as `str`, `int`, `list[str]` or `'a' | 'b'`.");
  const literal = parseLiteralWord(token.text);
  if (literal !== undefined && literal !== null) {
    cursor.next();
    return { kind: "literal", values: [literal] };
  }
  return parseNamedType(cursor, depth, parseType);
}

function parseObjectType(cursor: TokenCursor, depth: number): TypeSpec {
  const fields: SignatureField[] = [];
  while (!cursor.take("}")) {
    fields.push(parseObjectField(cursor, depth, fields));
    if (!cursor.take(",") && !cursor.take(";") && !cursor.at("}")) throw cursor.unexpected("`,` or `}`", "Write objects like `{ name: str, count?: int }`.");
  }
  return { kind: "object", fields };
}

function parseObjectField(cursor: TokenCursor, depth: number, before: readonly SignatureField[]): SignatureField {
  const token = cursor.peek();
  if (token.kind !== "word" && token.kind !== "string") throw cursor.unexpected("the name of a key", "Write objects like `{ name: str, count?: int }`.");
  cursor.next();
  if (token.text === "__proto__") throw cursor.error("illegal_name", "`__proto__` cannot be a key.", "Choose another key.", token);
  if (before.some((field) => field.name === token.text)) throw cursor.error("duplicate_name", `the key \`${token.text}\` stands twice in this object.`, "Give every key a name of its own.", token);
  const optional = cursor.take("?");
  const type = cursor.take(":") ? parseType(cursor, depth + 1) : ({ kind: "str" } as const);
  return { name: token.text, type, ...(optional ? { optional } : {}) };
}
