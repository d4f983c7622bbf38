const WORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ["True", true], ["true", true], ["False", false], ["false", false], ["None", null], ["null", null],
]);

/** The value of a word inside `Literal[...]` or a TypeScript union: a number, a truth value, `None`; `undefined` for other words. */
export function parseLiteralWord(word: string): number | boolean | null | undefined {
  const constant = WORDS.get(word);
  if (constant !== undefined) return constant;
  if (!/^-?\d+(\.\d+)?$/.test(word)) return undefined;
  const value = Number(word);
  // Beyond 2^53 the number would not be the one written.
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined;
}
