import type { SkipBlanks, TakeQuoted, TakeWord } from "./lex.js";
import type { SignatureMistake, Unexpected } from "./signature-mistake.js";
import type { TypeAt } from "./type-at.js";

/** `{ a: str, b?: int }` after its opening brace. */
export type ObjectKeys<S extends string, Found = unknown> = SkipBlanks<S> extends `}${infer Rest}` ? [Flat<Found>, Rest] : KeyAt<SkipBlanks<S>, Found>;

/** An intersection written out as one object type, as people want to read it. */
export type Flat<T> = T extends infer Fields ? { [Key in keyof Fields]: Fields[Key] } : never;

/** One more field beside those found so far. */
export type WithField<Found, Name extends string, T, Optional extends boolean> = Found & (Optional extends true ? { [Key in Name]?: T } : { [Key in Name]: T });

type KeyAt<S extends string, Found> = KeyName<S> extends infer Read
  ? Read extends [infer Name extends string, infer Rest extends string]
    ? Name extends keyof Found
      ? SignatureMistake<`the key \`${Name}\` stands twice in an object.`>
      : SkipBlanks<Rest> extends `?${infer After}`
        ? KeyType<SkipBlanks<After>, Found, Name, true>
        : KeyType<SkipBlanks<Rest>, Found, Name, false>
    : Read
  : never;

type KeyName<S extends string> = S extends `${infer Quote extends "'" | '"'}${infer Rest}`
  ? TakeQuoted<Rest, Quote>
  : TakeWord<S> extends infer Read
    ? Read extends ["", string]
      ? Unexpected<S, "the name of a key">
      : Read
    : never;

type KeyType<S extends string, Found, Name extends string, Optional extends boolean> = S extends `:${infer Rest}`
  ? TypeAt<Rest> extends infer Read
    ? Read extends [infer T, infer After extends string]
      ? AfterKey<After, WithField<Found, Name, T, Optional>>
      : Read
    : never
  : AfterKey<S, WithField<Found, Name, string, Optional>>;

type AfterKey<S extends string, Found> = S extends `${"," | ";"}${infer Rest}` ? ObjectKeys<Rest, Found> : S extends `}${infer Rest}` ? [Flat<Found>, Rest] : Unexpected<S, "`,` or `}`">;
