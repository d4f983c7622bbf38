import { PYTHON_KEYWORDS, RESERVED_NAMES, RESERVED_OUTPUT_NAMES } from "./reserved-names.js";

const KEYWORDS: ReadonlySet<string> = new Set(PYTHON_KEYWORDS);
const RESERVED: ReadonlySet<string> = new Set(RESERVED_NAMES);
const RESERVED_OUTPUTS: ReadonlySet<string> = new Set(RESERVED_OUTPUT_NAMES);

export interface NameFault {
  readonly code: "illegal_name" | "reserved_name";
  readonly problem: string;
  readonly cure: string;
}

/** Says why `name` cannot be a field, or `null` when it can. Fields become Python variables or parameters. */
export function findNameFault(name: string, side: "input" | "output"): NameFault | null {
  if (!isPythonIdentifier(name)) {
    const suggestion = suggestIdentifier(name);
    return {
      code: "illegal_name",
      problem: `\`${name}\` is not a Python name.`,
      cure: `Use letters, digits and underscores, not beginning with a digit${suggestion === null ? "." : `, for example \`${suggestion}\`.`}`,
    };
  }
  if (KEYWORDS.has(name)) return { code: "reserved_name", problem: `\`${name}\` is a Python keyword.`, cure: `Choose another name, for example \`${name.toLowerCase()}_\`.` };
  if (name.startsWith("__") || name.startsWith("_rlm_")) {
    return { code: "reserved_name", problem: `\`${name}\` belongs to the interpreter.`, cure: "Choose a name that does not begin with `__` or `_rlm_`." };
  }
  if (RESERVED.has(name)) return { code: "reserved_name", problem: `\`${name}\` is a name of the sandbox.`, cure: `Choose another name, for example \`my_${name.toLowerCase()}\`.` };
  if (side === "output" && RESERVED_OUTPUTS.has(name)) {
    return { code: "reserved_name", problem: `\`${name}\` is a name of the result document.`, cure: `Choose another output name, for example \`my_${name}\`.` };
  }
  return null;
}

/** True for a name Python takes as it stands (Python compares names after NFKC, so others would change silently). */
export function isPythonIdentifier(name: string): boolean {
  return /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(name) && name.normalize("NFKC") === name;
}

function suggestIdentifier(name: string): string | null {
  const words = name.normalize("NFKC").replace(/[^\p{ID_Continue}]+/gu, "_").replace(/^_+|_+$/g, "");
  if (words === "") return null;
  const candidate = /^\p{ID_Start}/u.test(words) ? words : `_${words}`;
  return isPythonIdentifier(candidate) ? candidate : null;
}
