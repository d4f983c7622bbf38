import { randomUUID } from "node:crypto";
import type { StoredReply } from "../core/trajectory.js";
import type { BlobStore } from "../store/blob-store.js";
import { BoundedCache } from "./bounded-cache.js";
import { GroupCommit } from "./group-commit.js";

/** Where replies of one suspension (or of a turn's root call) lie: they are written and looked up together. */
export interface ReplyScope {
  readonly runUid: string;
  readonly turn: number;
  readonly seq: number | "root" | "compact" | "extract";
}

export interface FoundReplies {
  readonly byKey: ReadonlyMap<string, StoredReply>;
  /** Files the replies came from. */
  readonly files: readonly string[];
}

/**
 * Replies under their call keys; an answered call is never sent again because it is looked up here first.
 *
 * In the allowed window a frozen worker may store a second reply under a key after the first was used. Whoever uses replies therefore records
 * the files they came from (`PackHeader.previousAnswer`), and a replay reads those files only.
 */
export class ReplyStore {
  readonly #commits = new Map<string, GroupCommit<StoredReply>>();
  /** Files never change once written. What they hold is kept while it is fresh; which keys are in them for longer: most look-ups find nothing. */
  readonly #replies = new BoundedCache<readonly StoredReply[]>(MAX_CACHED_BYTES);
  readonly #keys = new BoundedCache<ReadonlySet<string>>(MAX_CACHED_KEYS);

  constructor(private readonly store: BlobStore) {}

  /** Resolves when the reply is durable. */
  async put(scope: ReplyScope, reply: StoredReply): Promise<void> {
    const directory = directoryOf(scope);
    const commit = this.#commits.get(directory) ?? new GroupCommit((replies) => this.#write(directory, replies));
    this.#commits.set(directory, commit);
    try {
      await commit.add(reply);
    } finally {
      if (commit.idle) this.#commits.delete(directory);
    }
  }

  /** @param files look into these only; absent: all files of the scope. */
  async find(scope: ReplyScope, keys: readonly string[], files?: readonly string[]): Promise<FoundReplies> {
    const wanted = new Set(keys);
    const byKey = new Map<string, StoredReply>();
    const used: string[] = [];
    for (const file of files ?? (await this.#list(scope))) {
      const name = `${directoryOf(scope)}/${file}`;
      if (holdsNone(this.#keys.get(name), keys)) continue;
      const hits = (await this.#read(name)).filter(({ key }) => wanted.has(key) && !byKey.has(key));
      for (const reply of hits) byKey.set(reply.key, reply);
      if (hits.length > 0) used.push(file);
    }
    return { byKey, files: used };
  }

  async #list(scope: ReplyScope): Promise<string[]> {
    const names: string[] = [];
    for await (const name of this.store.listNamed(directoryOf(scope))) names.push(name.slice(name.lastIndexOf("/") + 1));
    return names.sort();
  }

  async #write(directory: string, replies: readonly StoredReply[]): Promise<void> {
    const text = replies.map((reply) => `${JSON.stringify(reply)}\n`).join("");
    const name = `${directory}/${randomUUID()}`;
    const bytes = Buffer.from(text, "utf8");
    await this.store.putNamed(name, bytes);
    this.#remember(name, replies, bytes.byteLength);
  }

  #remember(name: string, replies: readonly StoredReply[], bytes: number): void {
    this.#replies.set(name, replies, bytes);
    this.#keys.set(name, new Set(replies.map(({ key }) => key)), replies.length);
  }

  async #read(name: string): Promise<readonly StoredReply[]> {
    const cached = this.#replies.get(name);
    if (cached !== undefined) return cached;
    const bytes = await this.store.getNamed(name);
    if (bytes === null) return [];
    const lines = Buffer.from(bytes).toString("utf8").split("\n").slice(0, -1);
    const replies = lines.map((line) => JSON.parse(line) as StoredReply);
    this.#remember(name, replies, bytes.byteLength);
    return replies;
  }
}

/** Bound the worker's memory. A key is 64 characters. */
const MAX_CACHED_BYTES = 32 * 2 ** 20;
const MAX_CACHED_KEYS = 100_000;

function directoryOf(scope: ReplyScope): string {
  return `replies/${scope.runUid}/${scope.turn}-${scope.seq}`;
}

/** `false` when it is not known what the file holds. */
function holdsNone(known: ReadonlySet<string> | undefined, keys: readonly string[]): boolean {
  return known !== undefined && !keys.some((key) => known.has(key));
}
