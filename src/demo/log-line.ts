import type { SeededRandom } from "./random.js";

export type Level = "DEBUG" | "INFO" | "WARN" | "ERROR";

/** `2026-03-14T02:11:09.482Z WARN payments[2] req=8f3a21c9 message`. */
export function formatLogLine(random: SeededRandom, atMs: number, level: Level, service: string, message: string): string {
  return `${new Date(atMs).toISOString()} ${level} ${service}[${random.int(1, 3)}] req=${random.hex(8)} ${message}`;
}
