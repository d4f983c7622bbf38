import type { SkipBlanks, TakeQuoted, TakeWord } from "./lex.js";
import type { SignatureMistake, Unexpected } from "./signature-mistake.js";

type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";

/** The compiler's twin of literal-word.ts: the type of a number, a truth value or `None`; `never` for other words. */
export type LiteralWord<Word extends string> = Word extends "True" | "true"
  ? true
  : Word extends "False" | "false"
    ? false
    : Word extends "None" | "null"
      ? null
      : Word extends `${Digit | `-${Digit}`}${string}`
        ? Word extends `${string}${"e" | "E" | "x" | "X" | "_"}${string}`
          ? never
          : Word extends `${infer Value extends number}`
            ? Value
            : never
        : never;

type LiteralAt<S extends string> = S extends `${infer Quote extends "'" | '"'}${infer Rest}`
  ? TakeQuoted<Rest, Quote>
  : TakeWord<S> extends [infer Word extends string, infer Rest extends string]
    ? [LiteralWord<Word>] extends [never]
      ? Unexpected<S, "a literal value (a quoted text, a number, True, False, None)">
      : [LiteralWord<Word>, Rest]
    : never;

/** The values inside `Literal[…]`, as one union. */
export type Literals<S extends string, Close extends string, Found = never> =
  LiteralAt<SkipBlanks<S>> extends infer Read
    ? Read extends [infer Value, infer Rest extends string]
      ? AfterLiteral<SkipBlanks<Rest>, Close, Found | Value>
      : Read
    : never;

type AfterLiteral<S extends string, Close extends string, Found> = S extends `${Close}${infer Rest}`
  ? [Found, Rest]
  : S extends `,${infer Rest}`
    ? SkipBlanks<Rest> extends `${Close}${infer After}`
      ? [Found, After]
      : Literals<Rest, Close, Found>
    : S extends ""
      ? SignatureMistake<`the text ends where \`${Close}\` should stand.`>
      : Unexpected<S, `\`,\` or \`${Close}\``>;
