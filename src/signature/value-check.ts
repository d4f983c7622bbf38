import type { Leniency } from "./coerce-scalar.js";
import type { FaultList } from "./fault-list.js";

/** One pass over a value: how lenient it is, and where faults are collected. */
export interface ValueCheck {
  readonly leniency: Leniency;
  readonly faults: FaultList;
}
