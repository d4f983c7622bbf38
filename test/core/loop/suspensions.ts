import type { JournalRef } from "../../../src/core/wire.js";
import { must, type Answer, type Pack } from "./parts.js";

/** The packs in the store, and how each suspension that the loop was told of was settled: once, one way. */
export class Suspensions {
  readonly #packs = new Map<string, Pack>();
  readonly #settled = new Map<string, "open" | "called" | "refused">();

  get allSettled(): boolean {
    return ![...this.#settled.values()].includes("open");
  }

  add(pack: Pack): void {
    this.#packs.set(pack.digest, pack);
  }

  /** The loop is told of it. */
  hear(digest: string): void {
    must(!this.#settled.has(digest), "a settled suspension is not reported again");
    this.#settled.set(digest, "open");
  }

  /** Its calls are made. */
  call(digest: string): Pack {
    const pack = this.#packs.get(digest);
    must(pack !== undefined && this.#settled.get(digest) === "open", "a suspension is settled once");
    this.#settled.set(digest, "called");
    return pack;
  }

  /** Its cell goes on. */
  answer({ digest }: Pack, { refused }: Answer): void {
    if (refused !== null) {
      must(this.#settled.get(digest) !== "called", "a suspension that was sent is not refused as well");
      this.#settled.set(digest, "refused");
    } else must(this.#settled.get(digest) === "called", "a suspension is answered after its calls were made");
  }

  /** The packs of a cell, oldest first. */
  chain(journal: JournalRef | null): Pack[] {
    const chain: Pack[] = [];
    for (let pack = this.#packs.get(journal?.packHead.digest ?? ""); pack !== undefined; pack = this.#packs.get(pack.prev ?? "")) chain.unshift(pack);
    must(chain.length === (journal?.suspensions ?? 0), "the journal counts its suspensions");
    return chain;
  }
}
