import type { CellError } from "../core/cell.js";
import { SessionDiedError } from "../repl/session.js";

/** Deaths of the sandbox in one cell after which the cell is to blame, whatever the cause: `os._exit`, a crash, the memory killer. */
const MAX_SANDBOX_DEATHS = 2;

/**
 * What the model is told when its cell killed the sandbox, or `null` when the infrastructure may be to blame and the cell deserves another
 * sandbox. A cell that would do the same again (ran into the time limit in C code, broke the interpreter, made unkeepable state) is not re-run.
 */
export function blameCell(error: unknown, deathsBefore: number): Pick<CellError, "type" | "message"> | null {
  if (!(error instanceof SessionDiedError)) return null;
  switch (error.reason) {
    case "timeout":
      return { type: "CellTimeout", message: "the cell ran longer than its time limit inside an operation that cannot be interrupted. Split the work into smaller pieces." };
    case "fatal":
      return { type: "SandboxCrashed", message: `the Python interpreter ended in this cell. ${error.message.slice(0, 300)}` };
    case "snapshot_refused":
      return { type: "StateNotKept", message: `the cell left something behind that cannot be saved: ${error.message.slice(0, 300)}` };
    case "exited":
    case "killed":
    case "protocol":
      if (deathsBefore < MAX_SANDBOX_DEATHS) return null;
      return { type: "SandboxCrashed", message: `the cell ended the Python process ${deathsBefore + 1} times in a row. The last time: ${error.message.slice(0, 300)}` };
  }
}
