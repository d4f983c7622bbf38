import type { BlobRef } from "../../core/blob-ref.js";
import { programOrder } from "../call-outcome.js";
import { readPackChain, type GivenAnswer, type ReadPackHeader } from "../../journal/pack.js";
import type { BlobStore } from "../../store/blob-store.js";

/** One suspension of a turn's cell, and where its calls stand among those of the turn. */
export interface PlacedPack {
  readonly runUid: string;
  readonly ref: BlobRef;
  readonly header: ReadPackHeader;
  /** `null`: not answered yet. */
  readonly answer: GivenAnswer | null;
  /** Index of its first call. */
  readonly first: number;
  /** Places in `header.calls`, in program order. */
  readonly order: readonly number[];
}

/** The suspensions of a turn's cell: all headers, no prompt. */
export class TurnPacks {
  private constructor(private readonly packs: readonly PlacedPack[]) {}

  /**
   * @param runUid of the run that made the turn: a fork shares the turns of its source
   * @param before the same turn when it had fewer of them: a cell may make thousands of calls one after another, and only the new ones are read
   */
  static async read(store: BlobStore, runUid: string, packHead: BlobRef | null, before: TurnPacks | null = null): Promise<TurnPacks> {
    const chain = await readPackChain(store, packHead, before?.packs);
    let first = 0;
    const packs = chain.map(({ ref, header }, i): PlacedPack => {
      const order = programOrder(header);
      const placed = { runUid, ref, header, answer: chain[i + 1]?.header.previousAnswer ?? null, first, order };
      first += order.length;
      return placed;
    });
    return new TurnPacks(packs);
  }

  get total(): number {
    const last = this.packs.at(-1);
    return last === undefined ? 0 : last.first + last.order.length;
  }

  /** Those that hold any of the calls `from` to `from + count - 1`. */
  overlapping(from: number, count: number): readonly PlacedPack[] {
    return this.packs.filter(({ first, order }) => first < from + count && first + order.length > from);
  }
}
