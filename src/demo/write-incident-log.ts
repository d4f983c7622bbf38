import { closeSync, openSync, writeSync } from "node:fs";
import { generateIncidentLog } from "./incident-log.js";
import type { IncidentTruth } from "./incident-plan.js";

export interface WrittenLog {
  readonly file: string;
  readonly bytes: number;
  readonly lines: number;
  readonly truth: IncidentTruth;
}

export function writeIncidentLog(file: string, seed: string, bytes: number): WrittenLog {
  const { chunks, truth } = generateIncidentLog({ seed, bytes });
  const descriptor = openSync(file, "wx", 0o600);
  let written = 0;
  let lines = 0;
  for (const chunk of chunks) {
    written += writeSync(descriptor, chunk);
    lines += chunk.split("\n").length - 1;
  }
  closeSync(descriptor);
  return { file, bytes: written, lines, truth };
}
