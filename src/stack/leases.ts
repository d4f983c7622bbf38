import { randomUUID } from "node:crypto";
import { isProcessAlive, type ProcessIdentity } from "./process/process-identity.js";

/**
 * Commands that use the stack now. A lease ends when it is released or when the process it belongs to is gone, so a
 * killed command cannot hold the stack.
 */
export class Leases {
  readonly #holders = new Map<string, ProcessIdentity>();

  grant(holder: ProcessIdentity): string {
    const id = randomUUID();
    this.#holders.set(id, holder);
    return id;
  }

  release(id: string): void {
    this.#holders.delete(id);
  }

  /** Number of leases of living processes. */
  count(): number {
    for (const [id, holder] of this.#holders) if (!isProcessAlive(holder)) this.#holders.delete(id);
    return this.#holders.size;
  }
}
