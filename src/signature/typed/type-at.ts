import type { SkipBlanks, TakeQuoted, TakeWord } from "./lex.js";
import type { LiteralWord } from "./literal.js";
import type { NamedType } from "./named-type.js";
import type { ObjectKeys } from "./object-keys.js";
import type { SignatureMistake, Unexpected } from "./signature-mistake.js";

/**
 * The compiler's twin of parse-type.ts: reads one type from the front of a text and gives `[type, rest]`, or a `SignatureMistake`.
 *
 * @typeParam Bytes What `bytes` stands for here: `Uint8Array` as an input of its own, elsewhere the Base64 text that JSON holds.
 */
export type TypeAt<S extends string, Bytes = string> =
  PrimaryAt<SkipBlanks<S>, Bytes> extends infer Read ? (Read extends [infer T, infer Rest extends string] ? AfterType<T, SkipBlanks<Rest>, Bytes> : Read) : never;

/** `[]` and `|` after a type. */
type AfterType<T, S extends string, Bytes, Before = never> = S extends `[${infer Rest}`
  ? SkipBlanks<Rest> extends `]${infer After}`
    ? AfterType<T[], SkipBlanks<After>, Bytes, Before>
    : SignatureMistake<"`[` begins no type arguments here. Write `T[]` for a list of T, `list[T]` or `dict[str, T]`.">
  : S extends `|${infer Rest}`
    ? PrimaryAt<SkipBlanks<Rest>, Bytes> extends infer Read
      ? Read extends [infer Next, infer After extends string]
        ? AfterType<Next, SkipBlanks<After>, Bytes, Before | T>
        : Read
      : never
    : [Before | T, S];

type PrimaryAt<S extends string, Bytes> = S extends `(${infer Rest}`
  ? TypeAt<Rest> extends infer Read
    ? Read extends [infer T, infer After extends string]
      ? After extends `)${infer End}`
        ? [T, End]
        : Unexpected<After, "`)`">
      : Read
    : never
  : S extends `{${infer Rest}`
    ? ObjectKeys<Rest>
    : S extends `[${infer Rest}`
      ? TypeList<Rest, "]">
      : S extends `${infer Quote extends "'" | '"'}${infer Rest}`
        ? TakeQuoted<Rest, Quote>
        : TakeWord<S> extends [infer Word extends string, infer Rest extends string]
          ? WordType<Word, Rest, S, Bytes>
          : never;

type WordType<Word extends string, Rest extends string, S extends string, Bytes> = Word extends ""
  ? Unexpected<S, "a type">
  : [LiteralWord<Word>] extends [never]
    ? NamedType<Word, Rest, Bytes>
    : [LiteralWord<Word>, Rest];

/** The types up to a closing bracket, as a tuple; at least one. */
export type TypeList<S extends string, Close extends string, Found extends unknown[] = []> =
  TypeAt<S> extends infer Read ? (Read extends [infer T, infer Rest extends string] ? AfterListed<Rest, Close, [...Found, T]> : Read) : never;

type AfterListed<S extends string, Close extends string, Found extends unknown[]> = S extends `${Close}${infer Rest}`
  ? [Found, Rest]
  : S extends `,${infer Rest}`
    ? SkipBlanks<Rest> extends `${Close}${infer After}`
      ? [Found, After]
      : TypeList<Rest, Close, Found>
    : Unexpected<S, `\`,\` or \`${Close}\``>;
