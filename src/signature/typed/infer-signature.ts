import type { FieldNameMistake } from "./field-name.js";
import type { SkipBlanks, TakeWord } from "./lex.js";
import type { Flat, WithField } from "./object-keys.js";
import type { SignatureMistake, Unexpected } from "./signature-mistake.js";
import type { TypeAt } from "./type-at.js";

/** A text that is known at run time only. */
interface UnknownFields {
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

/**
 * The compiler's twin of `parseSignature`: `InferSignature<"logs -> n: int">` is `{ inputs: { logs: string }; outputs: { n: number } }`, and a
 * `SignatureMistake` where that would throw. Never `any`.
 */
export type InferSignature<Text extends string> = string extends Text
  ? UnknownFields
  : SkipBlanks<Text> extends ""
    ? SignatureMistake<"the text is empty. Write it like \"logs, question -> answer: str\".">
    : (SkipBlanks<Text> extends `->${string}` ? [unknown, SkipBlanks<Text>] : FieldsAt<Text, "input", unknown, unknown>) extends infer Read
      ? Read extends [infer Inputs, infer Rest extends string]
        ? OutputsAt<Rest, Inputs>
        : Read
      : never;

type OutputsAt<S extends string, Inputs> = S extends `->${infer Rest}`
  ? SkipBlanks<Rest> extends ""
    ? SignatureMistake<"there is no output after `->`.">
    : FieldsAt<Rest, "output", unknown, Inputs> extends infer Read
      ? Read extends [infer Outputs, infer End extends string]
        ? End extends ""
          ? { readonly inputs: Flat<Inputs>; readonly outputs: Flat<Outputs> }
          : End extends `->${string}`
            ? SignatureMistake<"there is a second `->`.">
            : Unexpected<End, "`,` or the end">
        : Read
      : never
  : S extends ""
    ? SignatureMistake<"`->` between inputs and outputs is missing.">
    : Unexpected<S, "`,` or `->`">;

type FieldsAt<S extends string, Side extends "input" | "output", Found, Others> =
  TakeWord<SkipBlanks<S>> extends [infer Name extends string, infer Rest extends string]
    ? Name extends ""
      ? Unexpected<SkipBlanks<S>, "the name of a field">
      : FieldNameMistake<Name, Side> extends SignatureMistake<infer Message>
        ? SignatureMistake<Message>
        : Name extends keyof Found
          ? SignatureMistake<`\`${Name}\` stands twice among the ${Side}s.`>
          : Name extends keyof Others
            ? SignatureMistake<`\`${Name}\` stands as an input and as an output.`>
            : SkipBlanks<Rest> extends `?${infer After}`
              ? FieldType<SkipBlanks<After>, Side, Found, Others, Name, true>
              : FieldType<SkipBlanks<Rest>, Side, Found, Others, Name, false>
    : never;

type FieldType<S extends string, Side extends "input" | "output", Found, Others, Name extends string, Optional extends boolean> = S extends `:${infer Rest}`
  ? TypeAt<Rest, Side extends "input" ? Uint8Array : string> extends infer Read
    ? Read extends [infer T, infer After extends string]
      ? AfterField<After, Side, WithField<Found, Name, T, Optional>, Others>
      : Read
    : never
  : AfterField<S, Side, WithField<Found, Name, string, Optional>, Others>;

type AfterField<S extends string, Side extends "input" | "output", Found, Others> = S extends `,${infer Rest}` ? FieldsAt<Rest, Side, Found, Others> : [Found, S];
