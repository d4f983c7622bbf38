import { Worker } from "node:worker_threads";
import type { Tool } from "../src/tools/tool.js";
import { BEATS, LIMIT_MS, type LoopWatchData } from "./loop-watch-cells.js";

const BEAT_MS = 500;
/** On top of the longest limit of the tools that are running. */
const GRACE_MS = 5000;

/**
 * Kills this process (SIGKILL) when a tool blocks its event loop for longer than its own limit: nothing in here can run any more then, and whoever
 * supervises the process starts it again. A thread watches; it needs no event loop of ours.
 */
export function watchLoop(tools: readonly Tool[]): readonly Tool[] {
  const cells = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const running: number[] = [];
  const noteLimit = (): void => void Atomics.store(cells, LIMIT_MS, Math.max(0, ...running) + GRACE_MS);
  noteLimit();
  setInterval(() => Atomics.add(cells, BEATS, 1), BEAT_MS).unref();
  const workerData: LoopWatchData = { cells, beatMs: BEAT_MS };
  new Worker(new URL("./loop-watch-thread.js", import.meta.url), { workerData }).unref();
  return tools.map((tool) => ({
    ...tool,
    async run(...args: Parameters<Tool["run"]>) {
      running.push(tool.timeoutMs);
      noteLimit();
      try {
        return await tool.run(...args);
      } finally {
        running.splice(running.indexOf(tool.timeoutMs), 1);
        noteLimit();
      }
    },
  }));
}
