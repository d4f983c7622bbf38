import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";
import path from "node:path";

/** A log is put aside (one older one is kept) when it is bigger than this at the moment it is opened. */
const ROTATE_AT_BYTES = 10 * 1024 * 1024;

/** Opens a log for appending, mode 0600, for as long as `use` runs (a child keeps its own copy of the descriptor). */
export function withLogFile<T>(file: string, use: (fd: number) => T): T {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > ROTATE_AT_BYTES) renameSync(file, `${file}.1`);
  const fd = openSync(file, "a", 0o600);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

const START_MARK = "--- started ";

/** Like `withLogFile`, for a program that is started with the log as its output: a line marks where its part begins. */
export function withProgramLog<T>(file: string, start: (fd: number) => T): T {
  return withLogFile(file, (fd) => {
    writeSync(fd, `${START_MARK}${new Date().toISOString()}\n`);
    return start(fd);
  });
}

/** The last line of a log that says something, at most 300 characters: for error messages. */
export function lastLogLine(file: string): string {
  try {
    const lines = readFileSync(file, "utf8").slice(-8192).split("\n").map((line) => line.trim());
    const last = lines.findLast((line) => line !== "") ?? "";
    return last.startsWith(START_MARK) ? "" : last.slice(0, 300); // nothing but the mark: it has said nothing since
  } catch {
    return "";
  }
}
