import type { HostModules } from "../../snapshot/js-refs.js";
import type { Deadline } from "./deadline.js";
import type { Journal } from "./journal.js";
import type { InputReader } from "./lazy-text.js";
import { FromChild, MAX_REQUEST_BYTES, ToChild, withHead } from "./protocol.js";
import { isHostCallRequest } from "./request-guard.js";
import { readFrame, writeFrame } from "./stdio.js";

/** The JavaScript module `_rlm_host` that the prelude imports. Its functions have no prototype: no way from them to a constructor. */
export function createHostModules(journal: Journal, deadline: Deadline, inputs: InputReader): HostModules {
  const call = (request: unknown): string => {
    const text = checkedRequest(request);
    const replayed = journal.call(text);
    if ("outcome" in replayed) return replayed.outcome;
    deadline.pause();
    writeFrame(FromChild.suspended, withHead(replayed), new TextEncoder().encode(text));
    const { type, payload } = readFrame();
    if (type !== ToChild.outcome) throw new Error("the host did not answer the call");
    deadline.resume();
    return new TextDecoder().decode(payload);
  };
  const module = Object.freeze({
    call: bare(call),
    timed_out: bare(() => deadline.acknowledge()),
    ready: bare(() => deadline.arm()),
    read_input: bare((...asked: readonly unknown[]) => inputs.read(asked[0], asked[1], asked[2])),
  });
  return Object.freeze({ _rlm_host: module });
}

function checkedRequest(request: unknown): string {
  if (typeof request !== "string") throw new TypeError("_rlm_host.call takes JSON text");
  // At most three bytes a UTF-16 unit.
  if (request.length * 3 > MAX_REQUEST_BYTES && Buffer.byteLength(request) > MAX_REQUEST_BYTES) {
    throw new RangeError(`The prompts and arguments of one batch are more than ${MAX_REQUEST_BYTES / 2 ** 20} MiB together. Send them in smaller batches.`);
  }
  if (!isHostCallRequest(JSON.parse(request))) throw new TypeError("_rlm_host.call was given a malformed request");
  return request;
}

function bare<T extends object>(callable: T): T {
  Object.setPrototypeOf(callable, null);
  return Object.freeze(callable);
}
