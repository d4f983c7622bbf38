import { defineSignal, getExternalWorkflowHandle, log, setHandler } from "@temporalio/workflow";
import { CHILD_BLOCKED_SIGNAL, PARENT_SIGNAL, type ChildBlocked, type ParentWord } from "../src/core/child-wire.js";
import type { ControlRequest } from "../src/core/control-wire.js";
import type { BlockedDetails } from "../src/core/failure-types.js";
import type { BlockedGate } from "./blocking.js";
import type { RunControls } from "./run-controls.js";

const childBlockedSignal = defineSignal<[ChildBlocked]>(CHILD_BLOCKED_SIGNAL);
const parentSignal = defineSignal<[ParentWord]>(PARENT_SIGNAL);

/** The runs that this one has started and the one that started it. Signals only inform: nothing waits for them, and a run that is gone misses nothing. */
export class ChildLinks {
  readonly #open = new Set<string>();
  #gate: BlockedGate | null = null;

  constructor(private readonly workflowId: string, private readonly parentId: string | null) {}

  /** From now on what children report and what the parent says is heeded. */
  connect(gate: BlockedGate, controls: RunControls): void {
    this.#gate = gate;
    setHandler(childBlockedSignal, (report) => gate.childBlocked(report));
    setHandler(parentSignal, (word) => {
      if (word.say === "pause") controls.pause(word.request);
      else if (word.say === "resume") controls.resume();
      else this.retry();
    });
  }

  /** `rlm retry`: this run and all below it look again. */
  retry(): void {
    this.#gate?.retry();
    this.#tellChildren({ say: "retry" });
  }

  /** Keeps a child in mind while it is open. */
  async during<T>(childId: string, work: () => Promise<T>): Promise<T> {
    this.#open.add(childId);
    try {
      return await work();
    } finally {
      this.#open.delete(childId);
      // One that was ended from outside has not taken it back.
      this.#gate?.childBlocked({ workflowId: childId, details: null });
    }
  }

  #tellChildren(word: ParentWord): void {
    for (const id of this.#open) signal(() => getExternalWorkflowHandle(id).signal(parentSignal, word));
  }

  pauseChildren(request: ControlRequest | null): void {
    this.#tellChildren(request === null ? { say: "resume" } : { say: "pause", request });
  }

  tellParent(details: BlockedDetails | null): void {
    const { parentId, workflowId } = this;
    if (parentId !== null) signal(() => getExternalWorkflowHandle(parentId).signal(childBlockedSignal, { workflowId, details }));
  }
}

function signal(send: () => Promise<void>): void {
  void send().catch((error: unknown) => log.info("a related run was not reached", { error: String(error).slice(0, 200) }));
}
