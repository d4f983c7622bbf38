export type Phase = "new" | "idle" | "busy" | "suspended" | "dead";

/** Holds the order of a session's calls: a second call while one runs, or one out of place, is a bug of the caller. */
export class CallOrder {
  #phase: Phase;

  constructor(private readonly isDead: () => boolean, phase: Phase) {
    this.#phase = phase;
  }

  get phase(): Phase {
    return this.isDead() ? "dead" : this.#phase;
  }

  /**
   * Runs a call that needs `phase`; `after` tells the phase that its result leads to. A dead session passes, for the call to say why. An error that a
   * session survives happened before anything was sent: the phase stays.
   * @throws {Error} the session is in another phase
   */
  async during<T>(phase: Phase, run: () => Promise<T>, after: (result: T) => Phase = () => "idle"): Promise<T> {
    if (this.phase !== phase && this.phase !== "dead") throw new Error(`This call needs a session that is ${phase}; it is ${this.phase}. Await each call before the next.`);
    this.#phase = "busy";
    let next = phase;
    try {
      const result = await run();
      next = after(result);
      return result;
    } finally {
      this.#phase = next;
    }
  }
}

/** What a session is after a step that went well. */
export function phaseAfter({ status }: { readonly status: "suspended" | "finished" }): Phase {
  return status === "suspended" ? "suspended" : "idle";
}
