import type { CellError, CellResult, HostCallOutcome } from "../../core/cell.js";
import { Journal } from "../../repl/child/journal.js";
import { MAX_CELL_REQUEST_BYTES } from "../../repl/child/protocol.js";
import { hashOf } from "../../repl/child/request-hash.js";
import type { CellRun, FinishedStep, SessionDiedError, SuspendedStep } from "../../repl/session.js";
import { type MiniCell, type MiniState, type MiniStop, runMiniCell } from "./mini-python.js";
import { pythonRepr, PythonError, Submitted } from "./mini-values.js";

type Ended = Pick<FinishedStep, "status" | "result" | "divergedAtSeq" | "tailReads">;

/** One cell of a memory session, from stop to stop, with the journal of the real ones. */
export class MemoryCell {
  readonly #journal = new Journal();
  readonly #cell: MiniCell;
  readonly #steps: Generator<MiniStop, void, HostCallOutcome>;
  #interrupt: (error: PythonError) => void = () => undefined;
  #kill: (death: SessionDiedError) => void = () => undefined;
  readonly #interrupted = new Promise<PythonError>((resolve, reject) => {
    this.#interrupt = resolve;
    this.#kill = reject;
  });

  constructor(state: MiniState, private readonly run: CellRun) {
    this.#cell = { lines: run.code.split("\n"), output: "", submitted: null };
    this.#steps = runMiniCell(state, this.#cell);
    this.#interrupted.catch(() => undefined);
    this.#journal.start(run.journal, run.requestBytesLeft ?? MAX_CELL_REQUEST_BYTES, run.tailReads);
  }

  interrupt(): void {
    this.#interrupt(new PythonError("KeyboardInterrupt", ""));
  }

  kill(death: SessionDiedError): void {
    this.#kill(death);
  }

  /** Runs on to the next host call that is not in the journal, or to the end. `null`: there is no call to be answered. */
  async advance(answer: HostCallOutcome | null): Promise<SuspendedStep | Ended> {
    try {
      // The first value sent into a generator goes nowhere.
      let next = answer === null ? this.#steps.next() : this.#steps.next(answer);
      while (next.done !== true) {
        if ("spins" in next.value) next = this.#steps.throw(await this.#end());
        else {
          const { request } = next.value;
          const text = JSON.stringify(request);
          const known = this.#journal.call(text);
          if (!("outcome" in known)) return { status: "suspended", ...known, request, requestHash: hashOf(text) };
          next = this.#steps.next(JSON.parse(known.outcome) as HostCallOutcome);
        }
      }
      return this.#ended(null);
    } catch (error) {
      if (error instanceof Submitted) return this.#ended(null);
      if (!(error instanceof PythonError)) throw error;
      return this.#ended({ type: error.type, message: error.message, traceback: bounded(`${error.type}: ${error.message}`) });
    }
  }

  /** How an endless loop ends. */
  async #end(): Promise<PythonError> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<PythonError>((resolve) => {
      timer = setTimeout(() => resolve(new PythonError("CellTimeout", "the cell ran longer than its time limit")), this.run.cellTimeoutMs);
    });
    return Promise.race([late, this.#interrupted]).finally(() => clearTimeout(timer));
  }

  #ended(error: CellError | null): Ended {
    const { output, submitted } = this.#cell;
    const submit = submitted === null ? null : { json: toJson(submitted) };
    const result: CellResult = { output: bounded(output), value: null, error, submit, changed: [], restored: [] };
    return { status: "finished", result, ...this.#journal.stop() };
  }
}

function bounded(text: string): CellResult["output"] {
  return { head: text, tail: "", chars: text.length };
}

/** As Python writes it. */
function toJson(fields: NonNullable<MiniCell["submitted"]>): string {
  return `{${Object.entries(fields).map(([name, value]) => `${JSON.stringify(name)}:${typeof value === "string" ? JSON.stringify(value) : pythonRepr(value)}`).join(",")}}`;
}
