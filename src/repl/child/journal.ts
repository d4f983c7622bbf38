import type { JournalEntry, NondeterministicRead } from "../session.js";
import { CallAllowance } from "./call-allowance.js";
import { MAX_READS } from "./protocol.js";
import { hashOf } from "./request-hash.js";

interface ReadValues {
  entropy: string;
  date: number;
  monotonic: number;
}

/**
 * What one cell saw of the outside: entropy, clocks, outcomes of host calls. Records while the cell runs, and gives back what is recorded
 * when it is run again after a restore. The request's hash alone decides whether a replay still matches; reads only help it to.
 */
export class Journal {
  readonly allowance = new CallAllowance();
  #active = false;
  #entries: readonly JournalEntry[] = [];
  #next = 0;
  #nextRead = 0;
  #reads: NondeterministicRead[] = [];
  #seq = 0;
  #divergedAtSeq: number | null = null;
  /** What the cell read after its last call, when it has run to its end before. */
  #tail: readonly NondeterministicRead[] = [];

  /** Whether a cell is running. */
  get isActive(): boolean {
    return this.#active;
  }

  start(entries: readonly JournalEntry[], requestBytesLeft: number, tail: readonly NondeterministicRead[] = []): void {
    this.#entries = entries;
    this.#tail = tail;
    this.#next = this.#nextRead = this.#seq = 0;
    this.#reads = [];
    this.#divergedAtSeq = null;
    this.allowance.start(requestBytesLeft);
    this.#active = true;
  }

  /** Ends the cell. Entries left over: the cell made fewer calls than before, which is a divergence too. */
  stop(): { divergedAtSeq: number | null; tailReads: readonly NondeterministicRead[] } {
    this.#active = false;
    if (this.#next < this.#entries.length) this.#diverge();
    return { divergedAtSeq: this.#divergedAtSeq, tailReads: this.#reads };
  }

  /** The recorded value if there is one that `accepts` it, else a fresh one. Outside a cell always fresh. */
  read<K extends keyof ReadValues>(kind: K, fresh: () => ReadValues[K], accepts: (value: ReadValues[K]) => boolean = () => true): ReadValues[K] {
    if (!this.#active) return fresh();
    const value = this.#recorded(kind, accepts) ?? fresh();
    if (this.#reads.length < MAX_READS) this.#reads.push([kind, value] as unknown as NondeterministicRead);
    return value;
  }

  /** A host call: the recorded outcome's JSON text, or what to send to the host. */
  call(requestText: string): { outcome: string } | { seq: number; reads: readonly NondeterministicRead[]; divergedAtSeq: number | null } {
    const entry = this.#entries[this.#next];
    const seq = this.#seq++;
    const reads = this.#reads;
    this.#reads = [];
    this.#nextRead = 0;
    if (entry !== undefined && entry.requestHash === hashOf(requestText)) {
      this.#next++;
      return { outcome: JSON.stringify(entry.outcome) };
    }
    if (entry !== undefined) this.#diverge();
    return { seq, reads, divergedAtSeq: this.#divergedAtSeq };
  }

  #recorded<K extends keyof ReadValues>(kind: K, accepts: (value: ReadValues[K]) => boolean): ReadValues[K] | undefined {
    const reads = this.#entries[this.#next]?.reads ?? this.#tail;
    const read = reads[this.#nextRead];
    if (read === undefined) return undefined;
    const value = read[1] as ReadValues[K];
    if (read[0] === kind && accepts(value)) {
      this.#nextRead++;
      return value;
    }
    this.#nextRead = reads.length;
    return undefined;
  }

  #diverge(): void {
    this.#divergedAtSeq = this.#next;
    this.#entries = this.#tail = [];
    this.#next = 0;
  }
}
