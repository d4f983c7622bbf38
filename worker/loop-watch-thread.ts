import { workerData } from "node:worker_threads";
import { BEATS, LIMIT_MS, type LoopWatchData } from "./loop-watch-cells.js";

const { cells, beatMs } = workerData as LoopWatchData;
let seen = -1;
// Counted in looks, not by the clock: a process that was stopped (SIGSTOP) and goes on has not been blocked by a tool.
let looksWithoutBeat = 0;
setInterval(() => {
  const beats = Atomics.load(cells, BEATS);
  looksWithoutBeat = beats === seen ? looksWithoutBeat + 1 : 0;
  seen = beats;
  if (looksWithoutBeat * beatMs > Atomics.load(cells, LIMIT_MS)) process.kill(process.pid, "SIGKILL");
}, beatMs);
