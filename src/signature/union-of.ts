import type { TypeSpec } from "../core/signature.js";

type Literal = Extract<TypeSpec, { kind: "literal" }>;

/** One type out of alternatives: nested unions are flattened, literals joined into one, repetitions dropped, a single one stands alone. */
export function unionOf(alternatives: readonly TypeSpec[]): TypeSpec {
  const options: TypeSpec[] = [];
  const seen = new Set<string>();
  for (const option of alternatives.flatMap((type) => (type.kind === "union" ? type.options : [type]))) {
    if (option.kind === "literal") {
      addLiteral(options, option);
      continue;
    }
    const key = JSON.stringify(option);
    if (!seen.has(key)) options.push(option);
    seen.add(key);
  }
  const [first, ...others] = options;
  return first !== undefined && others.length === 0 ? first : { kind: "union", options };
}

function addLiteral(options: TypeSpec[], literal: Literal): void {
  const at = options.findIndex((option) => option.kind === "literal");
  const before = options[at];
  const values = [...new Set([...(before?.kind === "literal" ? before.values : []), ...literal.values])];
  if (at === -1) options.push({ kind: "literal", values });
  else options[at] = { kind: "literal", values };
}
