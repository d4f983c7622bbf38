import { BlobCorruptError } from "./errors.js";

/** Some hundred KB of digests. */
const MAX_REMEMBERED = 4_000;

/** What this process has found out about blobs by hashing them. */
export class KnownDigests {
  /** A large input is hashed once, not at each restore; a pack once, not for each of its calls. */
  readonly #good = new Set<string>();
  /** The next writer of the same bytes puts them right. */
  readonly #damaged = new Set<string>();

  isGood(digest: string): boolean {
    return this.#good.has(digest);
  }

  isDamaged(digest: string): boolean {
    return this.#damaged.has(digest);
  }

  /** Notes what the bytes of a blob were. @throws BlobCorruptError */
  check(digest: string, actual: string): void {
    if (actual !== digest) {
      this.#good.delete(digest);
      this.#damaged.add(digest);
      throw new BlobCorruptError(digest, actual);
    }
    this.#good.add(digest);
    const [oldest] = this.#good;
    if (oldest !== undefined && this.#good.size > MAX_REMEMBERED) this.#good.delete(oldest);
  }

  mended(digest: string): void {
    this.#damaged.delete(digest);
  }
}
