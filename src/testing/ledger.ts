import { appendFileSync } from "node:fs";

/** One exchange with the server. The ledger is the witness of crash tests: what was really sent, and what was really answered. */
export interface LedgerRow {
  /** 1, 2, … in order of arrival. */
  readonly seq: number;
  /** Wall clock, milliseconds since 1970. */
  readonly startedAtMs: number;
  /** `null` while the exchange is open. */
  readonly endedAtMs: number | null;
  /** Hex SHA-256 of the body as received: equal for a call that is sent again. */
  readonly bodySha256: string;
  readonly idempotencyKey: string | null;
  /** `chat`: Chat Completions. `responses`: OpenAI's Responses API. */
  readonly wire: "chat" | "responses";
  readonly model: string;
  readonly stream: boolean;
  /** Name of the rule that answered; `null` when none matched. */
  readonly rule: string | null;
  readonly turn: number;
  /** HTTP status sent; `null` when the exchange ended without one. */
  readonly status: number | null;
  /** Type of the fault that was played. */
  readonly fault: string | null;
  /** The client went away before the end. */
  readonly aborted: boolean;
  /** The whole of a good answer was handed to the network. */
  readonly answered: boolean;
  /** Characters of all messages. */
  readonly promptChars: number;
  readonly replyChars: number;
  /** The end of the last user message, at most 200 characters. */
  readonly lastUserTail: string;
  /** Exchanges open at its start, this one included. */
  readonly inFlight: number;
}

export interface RuleStats {
  readonly requests: number;
  readonly answered: number;
  readonly maxInFlight: number;
  readonly promptChars: number;
}

export interface LedgerStats extends RuleStats {
  readonly inFlight: number;
  /** Exchanges that ended with an error status or a fault, the server's doing. */
  readonly failed: number;
  readonly aborted: number;
  /** Requests for which there was no rule. Above 0 the script is wrong. */
  readonly unmatched: number;
  readonly byRule: Readonly<Record<string, RuleStats>>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type OpenRow = Mutable<LedgerRow>;

/** Records exchanges in order of arrival; with a file, each one is appended as a line of JSON when it ends. */
export class Ledger {
  #rows: OpenRow[] = [];
  #seq = 0;
  readonly #open = new Set<OpenRow>();
  readonly #openByRule = new Map<string, number>();
  #maxInFlight = new Map<string | null, number>();

  constructor(private readonly file: string | null) {}

  open(start: Omit<LedgerRow, "seq" | "endedAtMs" | "status" | "fault" | "aborted" | "answered" | "replyChars" | "inFlight">): OpenRow {
    const row: OpenRow = {
      ...start, seq: ++this.#seq, endedAtMs: null, status: null, fault: null, aborted: false, answered: false, replyChars: 0, inFlight: this.#open.size + 1,
    };
    this.#open.add(row);
    this.#rows.push(row);
    this.#raise(null, this.#open.size);
    if (row.rule !== null) this.#raise(row.rule, this.#addOpen(row.rule, 1));
    return row;
  }

  close(row: OpenRow, end: { endedAtMs: number; aborted: boolean; answered: boolean }): void {
    if (!this.#open.delete(row)) return;
    if (row.rule !== null) this.#addOpen(row.rule, -1);
    Object.assign(row, end);
    // Synchronous, so that the line is there when the client has its answer and the test kills something.
    if (this.file !== null) appendFileSync(this.file, JSON.stringify(row) + "\n");
  }

  rows(): readonly LedgerRow[] {
    return this.#rows.map((row) => ({ ...row }));
  }

  stats(): LedgerStats {
    const names = new Set(this.#rows.flatMap((row) => row.rule ?? []));
    return {
      ...this.#count(this.#rows, null),
      inFlight: this.#open.size,
      failed: this.#rows.filter((row) => row.endedAtMs !== null && !row.answered && !row.aborted).length,
      aborted: this.#rows.filter((row) => row.aborted).length,
      unmatched: this.#rows.filter((row) => row.rule === null).length,
      byRule: Object.fromEntries([...names].map((name) => [name, this.#count(this.#rows.filter((row) => row.rule === name), name)])),
    };
  }

  /** Forgets what was recorded. Open exchanges go on and are still counted as in flight. */
  reset(): void {
    this.#rows = [];
    this.#maxInFlight = new Map();
  }

  #addOpen(rule: string, change: 1 | -1): number {
    const open = (this.#openByRule.get(rule) ?? 0) + change;
    this.#openByRule.set(rule, open);
    return open;
  }

  #raise(rule: string | null, inFlight: number): void {
    this.#maxInFlight.set(rule, Math.max(inFlight, this.#maxInFlight.get(rule) ?? 0));
  }

  #count(rows: readonly OpenRow[], rule: string | null): RuleStats {
    return {
      requests: rows.length,
      answered: rows.filter((row) => row.answered).length,
      maxInFlight: this.#maxInFlight.get(rule) ?? 0,
      promptChars: rows.reduce((sum, row) => sum + row.promptChars, 0),
    };
  }
}
