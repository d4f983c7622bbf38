import nodeCrypto, { createCipheriv } from "node:crypto";
import type { PyodideModule } from "../../snapshot/emscripten.js";
import type { Journal } from "./journal.js";

const realMonotonic = performance.now.bind(performance);
const realDate = Date.now.bind(Date);
const realFill = nodeCrypto.randomFillSync.bind(nodeCrypto) as (view: Uint8Array) => Uint8Array;
/** Longer requests are stretched from a seed of this size, so that a journal stays small. */
const SEED_BYTES = 32;

/** Milliseconds of this process, not journaled and not shifted: for our own deadlines and timings. */
export function processMs(): number {
  return realMonotonic();
}

/** The interpreter's monotonic clock: continues where the restored image's stood, and never goes back. */
export class MonotonicClock {
  #shiftMs = 0;

  nowMs(): number {
    return realMonotonic() + this.#shiftMs;
  }

  advanceTo(ms: number): void {
    this.#shiftMs += Math.max(0, ms - this.nowMs());
  }
}

/** Puts entropy and clocks under the journal's control. Call before Pyodide is loaded. */
export function captureOutsideWorld(journal: Journal, clock: MonotonicClock): void {
  const fill = (view: Uint8Array): Uint8Array => fillFromJournal(journal, view);
  nodeCrypto.randomFillSync = fill as typeof nodeCrypto.randomFillSync;
  Math.random = () => new DataView(fill(new Uint8Array(4)).buffer).getUint32(0) / 2 ** 32;
  Date.now = () => journal.read("date", realDate);
  performance.now = () => {
    const ms = journal.read("monotonic", () => clock.nowMs());
    clock.advanceTo(ms);
    return ms;
  };
}

/** Emscripten's /dev/urandom keeps 1024 bytes in a JavaScript buffer that no image has: read it directly instead. */
export function unbufferRandomDevices({ FS }: PyodideModule): void {
  for (const path of ["/dev/random", "/dev/urandom"]) {
    const device = FS.devices[FS.lookupPath(path).node.rdev];
    if (device === undefined) throw new Error(`${path} is not a device`);
    device.stream_ops.read = (_stream, buffer, offset, length) => {
      (nodeCrypto.randomFillSync as (view: Uint8Array) => Uint8Array)(buffer.subarray(offset, offset + length));
      return length;
    };
  }
}

function fillFromJournal(journal: Journal, view: Uint8Array): Uint8Array {
  const length = Math.min(view.byteLength, SEED_BYTES);
  const recorded = journal.read(
    "entropy",
    () => Buffer.from(realFill(new Uint8Array(length))).toString("base64"),
    (text) => Buffer.from(text, "base64").length === length,
  );
  const seed = Buffer.from(recorded, "base64");
  const bytes = view.byteLength <= SEED_BYTES ? seed : createCipheriv("aes-256-ctr", seed, Buffer.alloc(16)).update(Buffer.alloc(view.byteLength));
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(bytes);
  return view;
}
