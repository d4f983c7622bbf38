import type { RunSpec } from "../core/run-spec.js";
import type { SessionInput } from "./session.js";
import type { BlobStore } from "../store/blob-store.js";

/** The inputs of a run as local files, verified. */
export function sessionInputs(store: BlobStore, inputs: RunSpec["inputs"]): Promise<SessionInput[]> {
  return Promise.all(inputs.map(async ({ name, kind, ref }) => ({ name, kind, digest: ref.digest, path: await store.localPath(ref.digest) })));
}
