import type { SignatureMistake } from "./signature-mistake.js";

/** The compiler's twin of tokenize.ts. Every reader gives `[what it read, the text after it]`. */
type Blank = " " | "\n" | "\t" | "\r";
type WordEnd = Blank | "(" | ")" | "[" | "]" | "{" | "}" | "<" | ">" | "|" | "," | ":" | ";" | "?" | "=" | "'" | '"';

export type SkipBlanks<S extends string> = S extends `${Blank}${infer Rest}` ? SkipBlanks<Rest> : S;

/** A `-` ends a word only as part of `->`. */
export type TakeWord<S extends string, Word extends string = ""> = S extends `${infer Char}${infer Rest}`
  ? Char extends WordEnd
    ? [Word, S]
    : Char extends "-"
      ? Rest extends `>${string}`
        ? [Word, S]
        : TakeWord<Rest, `${Word}${Char}`>
      : TakeWord<Rest, `${Word}${Char}`>
  : [Word, S];

/** The value of a quoted text whose opening quote has been taken. */
export type TakeQuoted<S extends string, Quote extends string> = S extends `${infer Text}${Quote}${infer Rest}`
  ? Text extends `${string}\\${string}`
    ? TakeEscaped<S, Quote>
    : [Text, Rest]
  : SignatureMistake<`a quoted text has no end. Close it with ${Quote}.`>;

interface Escapes {
  n: "\n";
  t: "\t";
  r: "\r";
}

type TakeEscaped<S extends string, Quote extends string, Text extends string = ""> = S extends `\\${infer Char}${infer Rest}`
  ? TakeEscaped<Rest, Quote, `${Text}${Char extends keyof Escapes ? Escapes[Char] : Char}`>
  : S extends `${Quote}${infer Rest}`
    ? [Text, Rest]
    : S extends `${infer Char}${infer Rest}`
      ? TakeEscaped<Rest, Quote, `${Text}${Char}`>
      : SignatureMistake<`a quoted text has no end. Close it with ${Quote}.`>;
