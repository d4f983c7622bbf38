import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** A worker needs 0.54 s on an idle machine with a prebuilt bundle. */
const READY_LIMIT_MS = 60_000;

/**
 * Waits for the line `{"ready":true,…}` on the child's stdout, and reads on for the child's whole life: a full pipe would stop it.
 *
 * @param signal aborted, with the reason, when the child ends before
 * @param onLine gets every line but that one
 */
export function untilReadyLine(name: string, child: ChildProcess, signal: AbortSignal, onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: unknown): void => { clearTimeout(timer); reject(reason); };
    const timer = setTimeout(() => fail(new Error(`The ${name} was not ready after ${READY_LIMIT_MS / 1000} s.`)), READY_LIMIT_MS);
    signal.addEventListener("abort", () => fail(signal.reason), { once: true });
    if (child.stdout === null) return fail(new Error(`The ${name} has no output to read.`));
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (!isReadyLine(line)) return onLine(line);
      clearTimeout(timer);
      resolve();
    });
  });
}

function isReadyLine(line: string): boolean {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === "object" && message !== null && "ready" in message && message.ready === true;
  } catch {
    return false;
  }
}
