/** What stands around places of a text in their lines. A line is measured once for all places in it: a reply may be one line of a million fences. */
export class LineEdges {
  #start = 0;
  #end = -1;
  /** First character that is no blank, and the place after the last one; the end and the start of a line of blanks. */
  #inkStart = 0;
  #inkEnd = 0;

  constructor(private readonly text: string) {}

  startOf(at: number): number {
    this.#measure(at);
    return this.#start;
  }

  /** The place of the line break, or the length of the text. */
  endOf(at: number): number {
    this.#measure(at);
    return this.#end;
  }

  /** Nothing but blanks stands before `at`. */
  beginsLine(at: number): boolean {
    this.#measure(at);
    return at <= this.#inkStart;
  }

  /** Nothing but blanks stands from `at` on. */
  endsLine(at: number): boolean {
    this.#measure(at);
    return at >= this.#inkEnd;
  }

  #measure(at: number): void {
    if (at >= this.#start && at <= this.#end) return;
    this.#start = at === 0 ? 0 : this.text.lastIndexOf("\n", at - 1) + 1;
    const lineBreak = this.text.indexOf("\n", at);
    this.#end = lineBreak === -1 ? this.text.length : lineBreak;
    const line = this.text.slice(this.#start, this.#end);
    this.#inkStart = this.#end - line.trimStart().length;
    this.#inkEnd = this.#start + line.trimEnd().length;
  }
}
