import type { RunSpec } from "../core/run-spec.js";
import type { Session, SessionFactory } from "../repl/session.js";
import { sessionInputs } from "../repl/session-inputs.js";
import type { BlobStore } from "../store/blob-store.js";
import { loadSnapshotChain } from "./snapshot-chain.js";

/** A session as a snapshot has it, in a process of its own. @param inputs all whose bytes the image may refer to */
export async function restoreSession(
  { store, factory }: { readonly store: BlobStore; readonly factory: SessionFactory },
  digest: string,
  inputs: RunSpec["inputs"],
): Promise<{ readonly session: Session; readonly chain: readonly string[] }> {
  const [{ parts, chain }, files] = await Promise.all([loadSnapshotChain(store, factory.buildId, digest), sessionInputs(store, inputs)]);
  return { session: await factory.restore({ parts, inputs: files }), chain };
}
