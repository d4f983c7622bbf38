import type { BlobRef } from "../../../src/core/blob-ref.js";
import { digestOf, ref } from "./parts.js";

/** Snapshots, outputs and turn records in the store. A state is all that its cells ever saw. */
export class Memory {
  readonly #blobs = new Map<string, readonly string[]>();
  /** By digest of a turn's record: the state it left. */
  readonly #statesAfter = new Map<string, string>();

  put(value: readonly string[]): BlobRef {
    const digest = digestOf(value);
    this.#blobs.set(digest, value);
    return ref(digest);
  }

  get(digest: string): readonly string[] | undefined {
    return this.#blobs.get(digest);
  }

  record(toldTurns: string, turn: number, trace: readonly string[], state: string): BlobRef {
    const digest = digestOf([toldTurns, String(turn), ...trace]);
    this.leaves(digest, state);
    return ref(digest);
  }

  leaves(toldTurns: string, state: string): void {
    this.#statesAfter.set(toldTurns, state);
  }

  stateAfter(toldTurns: string): string | undefined {
    return this.#statesAfter.get(toldTurns);
  }
}
