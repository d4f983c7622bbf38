import type { SkipBlanks } from "./lex.js";
import type { Literals } from "./literal.js";
import type { SignatureMistake, Unexpected } from "./signature-mistake.js";
import type { TypeAt, TypeList } from "./type-at.js";

/** The compiler's twin of the table in parse-named-type.ts. An `int` beyond 2^53 arrives as a `bigint`, which the type leaves out: see docs/guide/signatures.md. */
interface Scalars {
  str: string; string: string;
  int: number; integer: number; float: number; number: number;
  bool: boolean; boolean: boolean;
  None: null; NoneType: null; null: null;
  any: unknown; Any: unknown; unknown: unknown;
  date: string; datetime: string;
}

interface Generics {
  list: "list"; List: "list"; Sequence: "list"; Array: "list";
  dict: "dict"; Dict: "dict"; Mapping: "dict"; Record: "dict";
  tuple: "tuple"; Tuple: "tuple";
  Literal: "literal"; Optional: "optional"; Union: "union";
}

type WithoutModule<Word extends string> = Word extends `${"typing" | "datetime"}.${infer Name}` ? Name : Word;

/** A type that begins with a word, `[type, rest]`. */
export type NamedType<Word extends string, Rest extends string, Bytes> =
  WithoutModule<Word> extends infer Name
    ? Name extends keyof Scalars
      ? [Scalars[Name], Rest]
      : Name extends "bytes"
        ? [Bytes, Rest]
        : Name extends keyof Generics
          ? GenericType<Generics[Name], SkipBlanks<Rest>>
          : SignatureMistake<`\`${Word}\` is not a type.${Word extends "set" | "Set" | "frozenset" ? " JSON has no sets: write `list[T]`." : ""}`>
    : never;

type GenericType<Kind extends string, S extends string> = S extends `[${infer Rest}` ? Applied<Kind, Rest, "]"> : S extends `<${infer Rest}` ? Applied<Kind, Rest, ">"> : Bare<Kind, S>;

type Bare<Kind extends string, S extends string> = Kind extends "list" | "tuple"
  ? [unknown[], S]
  : Kind extends "dict"
    ? [Record<string, unknown>, S]
    : Unexpected<S, "`[` and the types inside">;

type Applied<Kind extends string, S extends string, Close extends string> = Kind extends "literal"
  ? Literals<S, Close>
  : Kind extends "tuple"
    ? TupleItems<S, Close>
    : TypeList<S, Close> extends infer Read
      ? Read extends [infer Args extends unknown[], infer Rest extends string]
        ? Made<Kind, Args> extends infer T
          ? [T] extends [SignatureMistake<string>] // not one by one: a union is one type
            ? T
            : [T, Rest]
          : never
        : Read
      : never;

type Made<Kind extends string, Args extends unknown[]> = Kind extends "union"
  ? Args[number]
  : Kind extends "dict"
    ? Args extends [infer Key, infer Value]
      ? [string, Key] extends [Key, string]
        ? Record<string, Value>
        : SignatureMistake<"the keys of a dict must be `str`. Write `dict[str, T]`.">
      : SignatureMistake<"a dict has a key type and a value type. Write `dict[str, T]`.">
    : Args extends [infer Item]
      ? Kind extends "list"
        ? Item[]
        : Item | null
      : SignatureMistake<Kind extends "list" ? "a list has one item type. Write `list[T]`, or `list[A | B]`." : "`Optional` has one type. Write `Optional[T]`, or `A | B | None`.">;

type TupleItems<S extends string, Close extends string, Found extends unknown[] = []> =
  TypeAt<S> extends infer Read ? (Read extends [infer T, infer Rest extends string] ? AfterItem<Rest, Close, [...Found, T]> : Read) : never;

type AfterItem<S extends string, Close extends string, Found extends unknown[]> = S extends `${Close}${infer Rest}`
  ? [Found, Rest]
  : S extends `,${infer Rest}`
    ? SkipBlanks<Rest> extends `...${infer After}`
      ? OpenTuple<SkipBlanks<After>, Close, Found>
      : TupleItems<Rest, Close, Found>
    : Unexpected<S, `\`,\` or \`${Close}\``>;

type OpenTuple<S extends string, Close extends string, Found extends unknown[]> = S extends `${Close}${infer Rest}`
  ? Found extends [infer Item]
    ? [Item[], Rest]
    : SignatureMistake<"`...` may only follow a single type. Write `tuple[T, ...]`.">
  : Unexpected<S, `\`${Close}\``>;
