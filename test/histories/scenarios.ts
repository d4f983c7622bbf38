import { DEATHS } from "./death-scenarios.js";
import { ORDINARY } from "./ordinary-scenarios.js";
import type { Scenarios } from "./recording.js";
import { WALLS } from "./wall-scenarios.js";

/** By row of the table of failures (docs/ARCHITECTURE.md, "Histories"). */
const BY_ROW: Readonly<Record<string, Scenarios>> = { ...DEATHS, ...WALLS };

/** Everything that is recorded. */
export const SCENARIOS: Scenarios = Object.assign({}, ORDINARY, ...Object.values(BY_ROW));
