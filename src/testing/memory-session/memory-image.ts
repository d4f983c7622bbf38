import { createHash } from "node:crypto";
import type { SnapshotPart } from "../../repl/session.js";
import type { MiniState } from "./mini-python.js";
import type { MiniValue } from "./mini-values.js";

/** A part of the memory session's chain: all variables, or those that changed since the part before. */
interface MemoryPart {
  readonly parentId: string | null;
  readonly outputNames: readonly string[];
  readonly seed: string;
  readonly variables: Readonly<Record<string, MiniValue>>;
}

/** Writes the chain of one memory session. */
export class MemoryImageWriter {
  #before: Readonly<Record<string, string>> = {};

  #parts = 0;

  constructor(private lastPartId: string | null) {}

  /** The state is what the last of so many parts says. */
  continueFrom({ variables }: MiniState, parts: number): this {
    this.#before = asTexts(variables);
    this.#parts = parts;
    return this;
  }

  /** @param options.aside the whole state; the chain goes on as if it had not been written */
  write({ variables, outputNames, seed }: MiniState, { aside = false }: { readonly aside?: boolean } = {}): SnapshotPart {
    const keptParts = aside ? 0 : this.#parts;
    const alone = keptParts === 0;
    const kept = Object.entries(variables).filter(([name, value]) => alone || this.#before[name] !== JSON.stringify(value));
    const part: MemoryPart = { parentId: alone ? null : this.lastPartId, outputNames, seed, variables: Object.fromEntries(kept) };
    const bytes = Buffer.from(JSON.stringify(part));
    if (!aside) {
      this.lastPartId = idOf(bytes);
      this.#before = asTexts(variables);
      this.#parts += 1;
    }
    return { bytes, keptParts };
  }
}

/** @throws {Error} no parts, or one that does not follow on the part before it */
export function restoreMemoryImage(parts: readonly Uint8Array[]): { readonly state: MiniState; readonly lastPartId: string } {
  let state: MiniState = { variables: {}, outputNames: [], seed: "" };
  let lastPartId: string | null = null;
  for (const bytes of parts) {
    const { parentId, variables, outputNames, seed }: MemoryPart = JSON.parse(Buffer.from(bytes).toString("utf8")) as MemoryPart;
    if (parentId !== lastPartId) throw new Error(`A part of the chain is missing: this one follows on ${parentId ?? "nothing"}. Restore from a self-contained part and all after it.`);
    state = { variables: { ...state.variables, ...variables }, outputNames, seed };
    lastPartId = idOf(bytes);
  }
  if (lastPartId === null) throw new Error("There are no parts to restore from. Give at least a base image.");
  return { state, lastPartId };
}

function asTexts(variables: MiniState["variables"]): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, JSON.stringify(value)]));
}

function idOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
