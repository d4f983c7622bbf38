import type { BlobRef } from "../core/blob-ref.js";
import { MAX_SINKS, type SinkSpec } from "../core/sink-spec.js";
import { putRecord } from "../journal/records.js";
import type { BlobStore } from "../store/blob-store.js";
import { InputError } from "./errors.js";

/**
 * Stores the sinks of a run or batch; what `RunInput.sinksRef` names.
 * @returns `null`: there are none
 * @throws InputError too many
 */
export async function putSinks(store: BlobStore, sinks: readonly SinkSpec[]): Promise<BlobRef | null> {
  if (sinks.length > MAX_SINKS) throw new InputError("", `There are ${sinks.length} sinks; at most ${MAX_SINKS} are taken. Let one receiver pass it on.`);
  return sinks.length === 0 ? null : putRecord(store, sinks);
}
