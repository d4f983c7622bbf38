import type { ScriptedFault, ScriptedRule } from "./scripted-rule.js";

/** Decides which matches of a rule play its fault. The only memory a script has; everything else is read from the request. */
export class FaultCounter {
  #matches = new Map<string, number>();

  /** Counts this match and gives the fault to play, if any. */
  next(rule: ScriptedRule, bodySha256: string): ScriptedFault | null {
    const fault = rule.fault;
    if (fault === undefined) return null;
    const key = fault.per === "body" ? `${rule.name} ${bodySha256}` : rule.name;
    const match = (this.#matches.get(key) ?? 0) + 1;
    this.#matches.set(key, match);
    if (fault.times !== undefined && match > fault.times) return null;
    if (fault.every !== undefined && match % fault.every !== 0) return null;
    return fault;
  }

  reset(): void {
    this.#matches = new Map();
  }
}
