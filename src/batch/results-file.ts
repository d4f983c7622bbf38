import { createReadStream } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { lines } from "./lines.js";

/**
 * A file of results, one JSON line each, to which every row is added once. Opened again it knows what it holds; a last line that was cut by a kill is
 * removed, and written anew.
 */
export class ResultsFile implements AsyncDisposable {
  private constructor(private readonly handle: FileHandle, private readonly seen: Set<string>) {}

  /** @param keyOf what tells lines apart; `null`: a line that is none of ours */
  static async open(path: string, keyOf: (line: object) => string | null): Promise<ResultsFile> {
    const seen = new Set<string>();
    await (await open(path, "a")).close();
    let whole = 0;
    for await (const { text, bytes, ended } of lines(createReadStream(path))) {
      const line = ended ? parseObject(text) : null;
      if (ended && line === null) throw new Error(`${path} holds a line that is no result of a batch (at byte ${whole}). Move it away, or choose another --out.`);
      if (line === null) break;
      whole += bytes;
      const key = keyOf(line);
      if (key !== null) seen.add(key);
    }
    const handle = await open(path, "a");
    if ((await handle.stat()).size > whole) await handle.truncate(whole);
    return new ResultsFile(handle, seen);
  }

  get count(): number {
    return this.seen.size;
  }

  has(key: string): boolean {
    return this.seen.has(key);
  }

  /** Adds the lines whose keys are new; they are on the disk when it resolves. */
  async append(rows: readonly { readonly key: string; readonly text: string }[]): Promise<void> {
    const fresh = rows.filter(({ key }) => !this.seen.has(key));
    if (fresh.length === 0) return;
    await this.handle.appendFile(fresh.map(({ text }) => `${text}\n`).join(""));
    await this.handle.datasync();
    for (const { key } of fresh) this.seen.add(key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close();
  }
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null;
  }
}
