import type { BlobStore } from "../store/blob-store.js";
import { type BlobKind, isLeaf, kindOfRole } from "./blob-kind.js";
import type { FoundRef } from "./find-refs.js";
import { readRefs } from "./read-refs.js";

/** Records read at a time. */
const CONCURRENCY = 16;

interface Mark {
  readonly kind: BlobKind;
  readonly scanned: boolean;
}

/** The blobs that can be reached from what was added so far. */
export class Marking {
  readonly #marks = new Map<string, Mark>();
  readonly #missing = new Set<string>();

  /** @param sizes bytes of every blob that the store has, by digest */
  constructor(private readonly store: BlobStore, private readonly sizes: ReadonlyMap<string, number>) {}

  get count(): number {
    return this.#marks.size;
  }

  /** Digests of records that ought to be there and are not. What they referred to is not known. */
  get missing(): readonly string[] {
    return [...this.#missing];
  }

  kindOf(digest: string): BlobKind | null {
    return this.#marks.get(digest)?.kind ?? null;
  }

  /**
   * Marks these blobs and all that hangs on them.
   * @throws BlobCorruptError a record is damaged: what hangs on it is not known
   */
  async add(refs: readonly FoundRef[], holder: BlobKind = "record"): Promise<void> {
    let waiting = this.#take(refs, holder);
    while (waiting.length > 0) {
      const batch = waiting.slice(0, CONCURRENCY);
      const found = await Promise.all(batch.map(async ({ digest, kind }) => ({ kind, refs: await this.#read(digest) })));
      waiting = [...waiting.slice(CONCURRENCY), ...found.flatMap((each) => this.#take(each.refs, each.kind))];
    }
  }

  async #read(digest: string): Promise<FoundRef[]> {
    try {
      // One that is written while we mark is not among the sizes.
      return await readRefs(this.store, { digest, bytes: this.sizes.get(digest) ?? Number.MAX_SAFE_INTEGER });
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "BlobNotFoundError") throw error;
      this.#missing.add(digest);
      return [];
    }
  }

  /** Marks, and returns those that must be looked into. A blob that was taken for the user's bytes may be a record to another. */
  #take(refs: readonly FoundRef[], holder: BlobKind): { readonly digest: string; readonly kind: BlobKind }[] {
    const toScan: { readonly digest: string; readonly kind: BlobKind }[] = [];
    for (const { digest, role, certain } of refs) {
      const kind = kindOfRole(role, holder);
      const known = this.#marks.get(digest);
      const scan = !isLeaf(kind) && known?.scanned !== true;
      if (!certain && !this.sizes.has(digest)) continue;
      if (known === undefined || scan) this.#marks.set(digest, { kind: known?.kind ?? kind, scanned: scan || (known?.scanned ?? false) });
      if (scan) toScan.push({ digest, kind });
    }
    return toScan;
  }
}
