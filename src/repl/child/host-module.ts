import type { HostModules } from "../../snapshot/js-refs.js";
import type { CallAllowance } from "./call-allowance.js";
import type { Deadline } from "./deadline.js";
import type { Journal } from "./journal.js";
import type { InputReader } from "./lazy-text.js";
import { FromChild, ToChild, withHead } from "./protocol.js";
import { isHostCallRequest } from "./request-guard.js";
import { readFrame, writeFrame } from "./stdio.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The JavaScript module `_rlm_host` that the prelude imports. Its functions have no prototype: no way from them to a constructor. */
export function createHostModules(journal: Journal, deadline: Deadline, inputs: InputReader): HostModules {
  const call = (request: unknown): string => {
    // A finalizer may run while the state is captured, when the host expects anything but a call.
    if (!journal.isActive) throw new Error("no cell is running: a call from a finalizer cannot be sent");
    const { text, bytes } = checkedRequest(request, journal.allowance);
    const replayed = journal.call(text);
    if ("outcome" in replayed) return replayed.outcome;
    deadline.pause();
    writeFrame(FromChild.suspended, withHead(replayed), bytes);
    const { type, payload } = readFrame();
    if (type !== ToChild.outcome) throw new Error("the host did not answer the call");
    deadline.resume();
    return decoder.decode(payload);
  };
  const module = Object.freeze({
    call: bare(call),
    timed_out: bare(() => deadline.acknowledge()),
    ready: bare(() => deadline.arm()),
    read_input: bare((...asked: readonly unknown[]) => inputs.read(asked[0], asked[1], asked[2])),
  });
  return Object.freeze({ _rlm_host: module });
}

function checkedRequest(request: unknown, allowance: CallAllowance): { readonly text: string; readonly bytes: Uint8Array } {
  if (typeof request !== "string") throw new TypeError("_rlm_host.call takes JSON text");
  const parsed: unknown = JSON.parse(request);
  if (!isHostCallRequest(parsed)) throw new TypeError("_rlm_host.call was given a malformed request");
  const bytes = encoder.encode(request);
  allowance.claim(bytes.length, parsed.calls.length);
  return { text: request, bytes };
}

function bare<T extends object>(callable: T): T {
  Object.setPrototypeOf(callable, null);
  return Object.freeze(callable);
}
