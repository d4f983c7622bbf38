/*
 * One process runs many test files, and a helper's module is loaded once for all of them: what it registers by `afterAll` would end with the first file.
 * What helpers open for a file is closed here, by `end-of-file.ts`, which Vitest runs for each.
 */

const waiting: (() => Promise<void>)[] = [];

/** Has something closed after the last test of this file. */
export function atFileEnd(close: () => Promise<void>): void {
  waiting.push(close);
}

/** Closes all of it, the newest first. */
export async function endFile(): Promise<void> {
  for (const close of waiting.splice(0).reverse()) await close();
}
