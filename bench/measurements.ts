import { batchCalls } from "./measure/batch-calls.js";
import { firstCellByCommand } from "./measure/command-line.js";
import { firstCellByClient } from "./measure/first-cell.js";
import { killEverything } from "./measure/kill-everything.js";
import { durabilityShare, killToProgress } from "./measure/kill-to-progress.js";
import { killWorker } from "./measure/kill-worker.js";
import { largeInput } from "./measure/large-input.js";
import { sequentialCalls } from "./measure/sequential-calls.js";
import { turnOverhead } from "./measure/turn.js";
import type { Measurement } from "./measurement.js";
import { dspyPeer } from "./peers/dspy.js";

/** In the order in which they are made. */
export const MEASUREMENTS: readonly Measurement[] = [
  firstCellByClient, turnOverhead, sequentialCalls, batchCalls, largeInput, killWorker, firstCellByCommand, killEverything, killToProgress, durabilityShare, dspyPeer,
];
