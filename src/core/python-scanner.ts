/** Where the scanner stands in Python source text. */
export type PythonPlace = "code" | "comment" | "string";

type Mode =
  /** Text of a string literal. `formatted`: braces begin an expression. */
  | { readonly kind: "string"; readonly quote: string; readonly formatted: boolean }
  /** Expression inside an f-string; `brackets` are open ones of its own, `spec`: past the colon, where text follows. */
  | { readonly kind: "expression"; brackets: number; spec: boolean }
  | { readonly kind: "comment" };

/**
 * Follows strings (triple quotes, prefixes, f-string expressions) and comments of Python source, as far as is needed to tell whether a place lies inside one.
 * No parser: broken source gives a sensible answer instead of an error (a one-line string that is not closed ends with its line).
 */
export class PythonScanner {
  private at: number;
  private readonly modes: Mode[] = [];

  constructor(private readonly source: string, start = 0) {
    this.at = start;
  }

  /** Scans on to `index` (never back) and tells what lies there. */
  placeAt(index: number): PythonPlace {
    while (this.at < index) this.step();
    const mode = this.modes.at(-1);
    if (mode === undefined) return "code";
    if (mode.kind === "comment") return "comment";
    return mode.kind === "string" || mode.spec ? "string" : "code";
  }

  /** True where the scanner stands in a string literal, also in an expression of an f-string. */
  get isInsideString(): boolean {
    return this.modes.some((mode) => mode.kind === "string");
  }

  private step(): void {
    const mode = this.modes.at(-1);
    if (mode?.kind === "comment") this.stepComment();
    else if (mode?.kind === "string") this.stepString(mode);
    else if (mode?.kind === "expression" && mode.spec) this.stepSpec(mode);
    else this.stepCode(mode);
  }

  private stepComment(): void {
    if (this.source.charAt(this.at) === "\n") this.modes.pop();
    this.at += 1;
  }

  private stepString(mode: Extract<Mode, { kind: "string" }>): void {
    const char = this.source.charAt(this.at);
    if (char === "\\") {
      this.at += 2;
    } else if (this.source.startsWith(mode.quote, this.at)) {
      this.modes.pop();
      this.at += mode.quote.length;
    } else if (char === "\n" && mode.quote.length === 1) {
      this.modes.pop();
      this.at += 1;
    } else if (mode.formatted && (char === "{" || char === "}")) {
      const doubled = this.source.charAt(this.at + 1) === char;
      if (!doubled && char === "{") this.modes.push({ kind: "expression", brackets: 0, spec: false });
      this.at += doubled ? 2 : 1;
    } else {
      this.at += 1;
    }
  }

  /** After the colon of `{value:>{width}}`: text up to the brace, or another expression. */
  private stepSpec(mode: Extract<Mode, { kind: "expression" }>): void {
    const char = this.source.charAt(this.at);
    if (char === "{") this.modes.push({ kind: "expression", brackets: 0, spec: false });
    else if (char === "}" || char === "\n") this.modes.pop();
    else if (this.endsOuterString(mode)) return;
    this.at += 1;
  }

  /** In a format spec the quote of the f-string itself ends everything (the source is broken then). */
  private endsOuterString(mode: Mode): boolean {
    const outer = this.modes[this.modes.indexOf(mode) - 1];
    if (outer?.kind !== "string" || !this.source.startsWith(outer.quote, this.at)) return false;
    this.modes.pop();
    return true;
  }

  private stepCode(mode: Extract<Mode, { kind: "expression" }> | undefined): void {
    const char = this.source.charAt(this.at);
    if (char === "#") {
      this.modes.push({ kind: "comment" });
    } else if (char === "'" || char === '"') {
      const quote = this.source.startsWith(char.repeat(3), this.at) ? char.repeat(3) : char;
      this.modes.push({ kind: "string", quote, formatted: hasFormatPrefix(this.source, this.at) });
      this.at += quote.length - 1;
    } else if (mode !== undefined) {
      this.stepBracket(mode, char);
    }
    this.at += 1;
  }

  private stepBracket(mode: Extract<Mode, { kind: "expression" }>, char: string): void {
    if ("([{".includes(char)) mode.brackets += 1;
    else if (mode.brackets === 0 && char === "}") this.modes.pop();
    else if (")]}".includes(char)) mode.brackets = Math.max(0, mode.brackets - 1);
    else if (char === ":" && mode.brackets === 0) mode.spec = true;
  }
}

/** True when the letters before a quote make it an f-string (or a t-string, whose braces work alike). */
function hasFormatPrefix(source: string, quoteAt: number): boolean {
  let start = quoteAt;
  while (start > 0 && quoteAt - start < 3 && /[A-Za-z0-9_]/.test(source.charAt(start - 1))) start -= 1;
  return /^([ft]|r[ft]|[ft]r)$/i.test(source.slice(start, quoteAt));
}
