import { nearestName } from "../core/nearest-name.js";
import type { TypeSpec } from "../core/signature.js";
import { parseLiteralWord } from "./literal-word.js";
import { parseTypeList, type TypeParser } from "./parse-type-list.js";
import type { TokenCursor } from "./token-cursor.js";
import type { Token } from "./tokenize.js";
import { unionOf } from "./union-of.js";

type ScalarKind = Exclude<TypeSpec["kind"], "list" | "dict" | "tuple" | "literal" | "union" | "object">;

const SCALARS: ReadonlyMap<string, ScalarKind> = new Map<string, ScalarKind>([
  ["str", "str"], ["string", "str"], ["int", "int"], ["integer", "int"], ["float", "float"], ["number", "float"], ["bool", "bool"], ["boolean", "bool"],
  ["None", "none"], ["NoneType", "none"], ["null", "none"], ["any", "any"], ["Any", "any"], ["unknown", "any"],
  ["bytes", "bytes"], ["date", "date"], ["datetime", "datetime"],
]);

type Generic = (cursor: TokenCursor, token: Token, depth: number, parse: TypeParser) => TypeSpec;

const GENERICS: ReadonlyMap<string, Generic> = new Map<string, Generic>([
  ["list", parseList], ["List", parseList], ["Sequence", parseList], ["Array", parseList],
  ["dict", parseDict], ["Dict", parseDict], ["Mapping", parseDict], ["Record", parseDict],
  ["tuple", parseTuple], ["Tuple", parseTuple],
  ["Literal", parseLiteral], ["Optional", parseOptional], ["Union", parseUnion],
]);

const KNOWN = "Types: str, int, float, bool, list[T], dict[str, T], tuple[A, B], Literal['a', 'b'], Optional[T], A | B, None, date, datetime, bytes, any, { key: T }; "
  + "or as in TypeScript: string, number, boolean, T[], Record<string, T>, 'a' | 'b'.";
const SET_CURE = "JSON has no sets: write `list[T]`.";

/** Parses a type that begins with a word: `str`, `list[int]`, `Record<string, T>`. `typing.` and `datetime.` may stand before it. */
export function parseNamedType(cursor: TokenCursor, depth: number, parse: TypeParser): TypeSpec {
  const token = cursor.next();
  const name = token.text.replace(/^(typing|datetime)\./, "");
  const generic = GENERICS.get(name);
  if (generic !== undefined) return generic(cursor, token, depth, parse);
  const kind = SCALARS.get(name);
  if (kind !== undefined) return { kind };
  const near = nearestName(name, [...SCALARS.keys(), ...GENERICS.keys()]);
  const cure = /^(set|frozenset)$/i.test(name) ? SET_CURE : near === null ? KNOWN : `Did you mean \`${near}\`? ${KNOWN}`;
  throw cursor.error("unknown_type", `\`${token.text}\` is not a type.`, cure, token);
}

/** Takes `[` or `<` when type arguments follow (`[]` is TypeScript's list suffix, not an argument list) and returns the closing bracket. */
function openArguments(cursor: TokenCursor): "]" | ">" | null {
  if (cursor.take("<")) return ">";
  return cursor.take("[") ? "]" : null;
}

function parseArguments(cursor: TokenCursor, depth: number, parse: TypeParser): TypeSpec[] | null {
  const close = openArguments(cursor);
  return close === null ? null : parseTypeList(cursor, close, depth, parse);
}

function requireArguments(cursor: TokenCursor, depth: number, parse: TypeParser, example: string): TypeSpec[] {
  const args = parseArguments(cursor, depth, parse);
  if (args === null) throw cursor.unexpected("`[`", `Write it like \`${example}\`.`);
  return args;
}

function parseList(cursor: TokenCursor, token: Token, depth: number, parse: TypeParser): TypeSpec {
  const args = parseArguments(cursor, depth, parse) ?? [{ kind: "any" } as const];
  const [item] = args;
  if (item === undefined || args.length !== 1) throw cursor.error("illegal_type", "a list has one item type.", "Write `list[T]`, or `list[A | B]` for mixed items.", token);
  return { kind: "list", item };
}

function parseDict(cursor: TokenCursor, token: Token, depth: number, parse: TypeParser): TypeSpec {
  const args = parseArguments(cursor, depth, parse);
  if (args === null) return { kind: "dict", value: { kind: "any" } };
  const [key, value] = args;
  if (key === undefined || value === undefined || args.length !== 2) throw cursor.error("illegal_type", "a dict has a key type and a value type.", "Write `dict[str, T]`.", token);
  if (key.kind !== "str") throw cursor.error("illegal_type", "the keys of a dict must be `str`, because the value travels as JSON.", "Write `dict[str, T]`.", token);
  return { kind: "dict", value };
}

function parseTuple(cursor: TokenCursor, token: Token, depth: number, parse: TypeParser): TypeSpec {
  const close = openArguments(cursor);
  if (close === null) return { kind: "list", item: { kind: "any" } };
  const items = [parse(cursor, depth + 1)];
  let open = false;
  while (cursor.take(",")) {
    open = cursor.peek().text === "...";
    if (open) cursor.next();
    else items.push(parse(cursor, depth + 1));
    if (open) break;
  }
  cursor.expect(close, "Write `tuple[A, B]`, or `tuple[T, ...]` for any number of T.");
  const [item] = items;
  if (!open || item === undefined) return { kind: "tuple", items };
  if (items.length > 1) throw cursor.error("illegal_type", "`...` may only follow a single type.", "Write `tuple[T, ...]`.", token);
  return { kind: "list", item };
}

function parseLiteral(cursor: TokenCursor): TypeSpec {
  const close = openArguments(cursor);
  const example = "Write it like `Literal['low', 'high']`: quoted texts, numbers up to 2^53, True, False, None.";
  if (close === null) throw cursor.unexpected("`[`", example);
  const values: (string | number | boolean | null)[] = [];
  do {
    const token = cursor.peek();
    const value = token.kind === "string" ? token.text : token.kind === "word" ? parseLiteralWord(token.text) : undefined;
    if (value === undefined) throw cursor.unexpected("a literal value", example);
    cursor.next();
    if (!values.includes(value)) values.push(value);
  } while (cursor.take(",") && !cursor.at(close));
  cursor.expect(close, example);
  return { kind: "literal", values };
}

function parseOptional(cursor: TokenCursor, token: Token, depth: number, parse: TypeParser): TypeSpec {
  const args = requireArguments(cursor, depth, parse, "Optional[str]");
  if (args.length !== 1) throw cursor.error("illegal_type", "`Optional` has one type.", "Write `Optional[T]`, or `A | B | None`.", token);
  return unionOf([...args, { kind: "none" }]);
}

function parseUnion(cursor: TokenCursor, _token: Token, depth: number, parse: TypeParser): TypeSpec {
  return unionOf(requireArguments(cursor, depth, parse, "Union[int, str]"));
}
