/** Words of a shell line: quotes are taken off, an unquoted `#` begins a comment. */
export function shellWords(line: string): string[] {
  return [...line.matchAll(/((?:"[^"]*"|'[^']*'|[^\s"'#])+)|#.*$/g)].flatMap(([, word]) => (word === undefined ? [] : [word.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2")]));
}

/** The `rlm` commands in the `sh` blocks of a page, as words. */
export function shellCommands(page: string): readonly (readonly string[])[] {
  return [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = ""]) => commandLines(block).map(shellWords));
}

/** Lines that begin with `rlm`; those that end with a backslash go on. */
export function commandLines(block: string): readonly string[] {
  return block.replaceAll("\\\n", " ").split("\n").filter((line) => /^(\.\/bin\/rlm\.js|rlm) /.test(line));
}
