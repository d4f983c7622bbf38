import { appendFile, readFile, rename, writeFile } from "node:fs/promises";
import type { Manifest } from "../../core/manifest.js";
import type { BlobStore } from "../../store/blob-store.js";

export interface DerivedIndexOptions<T> {
  readonly store: BlobStore;
  /** Lines of JSON. May be deleted at any time: it is made again from the manifests. */
  readonly file: string;
  /** Part of the file's first line; another one there: the file is made anew. Raise it with the shape of `T`. */
  readonly version: string;
  /** What is kept of a manifest. Contract: gives the same each time; a throw leaves the run out until the next look. */
  readonly derive: (manifest: Manifest) => Promise<T>;
}

/**
 * Something about every closed run of a store, kept in a file so that 10,000 manifests are read once and not at every look. The manifests stay the
 * truth: those that are new are read, those that are gone are dropped.
 */
export class DerivedIndex<T> {
  #entries: Map<string, T> | null = null;
  #looking: Promise<ReadonlyMap<string, T>> | null = null;

  constructor(private readonly options: DerivedIndexOptions<T>) {}

  /** By manifest name. Looks at a time are one look. */
  entries(): Promise<ReadonlyMap<string, T>> {
    return (this.#looking ??= this.#look().finally(() => { this.#looking = null; }));
  }

  async #look(): Promise<ReadonlyMap<string, T>> {
    const entries = (this.#entries ??= await this.#load());
    const names = new Set<string>();
    for await (const name of this.options.store.listNamed("manifests")) names.add(name);
    const gone = [...entries.keys()].filter((name) => !names.has(name));
    for (const name of gone) entries.delete(name);
    const fresh = [...names].filter((name) => !entries.has(name));
    for (let at = 0; at < fresh.length; at += AT_ONCE) {
      const part = await Promise.all(fresh.slice(at, at + AT_ONCE).map((name) => this.#derive(name)));
      const made = part.filter((each) => each !== null);
      for (const [name, value] of made) entries.set(name, value);
      await appendFile(this.options.file, made.map((each) => `${JSON.stringify(each)}\n`).join(""));
    }
    if (gone.length > 0) await this.#write(entries);
    return entries;
  }

  async #derive(name: string): Promise<readonly [string, T] | null> {
    const bytes = await this.options.store.getNamed(name);
    if (bytes === null) return null;
    try {
      return [name, await this.options.derive(JSON.parse(Buffer.from(bytes).toString("utf8")) as Manifest)];
    } catch {
      return null;
    }
  }

  async #load(): Promise<Map<string, T>> {
    const { file, version } = this.options;
    try {
      const [first, ...lines] = (await readFile(file, "utf8")).split("\n");
      if (first === JSON.stringify({ version })) return new Map(lines.filter((line) => line !== "").map((line) => JSON.parse(line) as [string, T]));
    } catch {
      // Missing, cut in the middle of a line by a kill, or not ours: it is made again.
    }
    const empty = new Map<string, T>();
    await this.#write(empty);
    return empty;
  }

  /** In one rename, readable by its owner only. */
  async #write(entries: ReadonlyMap<string, T>): Promise<void> {
    const { file, version } = this.options;
    const lines = [{ version }, ...entries].map((line) => JSON.stringify(line));
    await writeFile(`${file}.${process.pid}`, `${lines.join("\n")}\n`, { mode: 0o600 });
    await rename(`${file}.${process.pid}`, file);
  }
}

/** Files read at once. */
const AT_ONCE = 32;
