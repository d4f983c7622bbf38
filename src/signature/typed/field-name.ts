import type { PYTHON_KEYWORDS, RESERVED_NAMES, RESERVED_OUTPUT_NAMES } from "../reserved-names.js";
import type { SignatureMistake } from "./signature-mistake.js";

type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";
/** ASCII only: letters beyond it are left to the check at run time, which knows Unicode's classes. */
type NotInNames = "!" | "#" | "$" | "%" | "&" | "*" | "+" | "-" | "." | "/" | "@" | "\\" | "^" | "`" | "~";

type IsPythonName<Name extends string> = Name extends "" | `${Digit}${string}` ? false : Name extends `${string}${NotInNames}${string}` ? false : true;

/** The compiler's twin of names.ts: a `SignatureMistake`, or `null` when the name can be a field. */
export type FieldNameMistake<Name extends string, Side extends "input" | "output"> =
  IsPythonName<Name> extends false
    ? SignatureMistake<`\`${Name}\` is not a Python name. Use letters, digits and underscores.`>
    : Name extends (typeof PYTHON_KEYWORDS)[number]
      ? SignatureMistake<`\`${Name}\` is a Python keyword. Choose another name.`>
      : Name extends `__${string}` | `_rlm_${string}`
        ? SignatureMistake<`\`${Name}\` belongs to the interpreter. Choose another name.`>
        : Name extends (typeof RESERVED_NAMES)[number]
          ? SignatureMistake<`\`${Name}\` is a name of the sandbox. Choose another name.`>
          : [Side, Name] extends ["output", (typeof RESERVED_OUTPUT_NAMES)[number]]
            ? SignatureMistake<`\`${Name}\` is a name of the result document. Choose another name.`>
            : null;
