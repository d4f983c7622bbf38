import type { BlobRef } from "../core/blob-ref.js";
import type { HostCallRequest } from "../core/cell.js";
import { encodePack, readPackHeader, type NewPack, type PackHeader } from "../journal/pack.js";
import { SessionDiedError, type SuspendedStep } from "../repl/session.js";
import type { BlobStore } from "../store/blob-store.js";
import type { CellContext } from "./cell-context.js";

/** Makes a suspension durable as one pack, hung on the pack before it. */
export async function writeSuspension(store: BlobStore, context: CellContext, step: SuspendedStep): Promise<{ readonly pack: BlobRef; readonly header: PackHeader }> {
  const { run, turn } = context.args;
  const { seq, requestHash, reads, request } = step;
  requireKnownTools(context, request);
  const { chunks, header } = encodePack({ runUid: run.runUid, turn, seq, requestHash, reads, request, ...(await packBefore(store, context, step)) });
  return { pack: await store.put(chunks), header };
}

/** The pack that a new one hangs on. After a divergence that is an older one: the journal from there on was dropped. */
async function packBefore(store: BlobStore, context: CellContext, step: SuspendedStep): Promise<Pick<NewPack, "prev" | "previousAnswer">> {
  if (step.seq === 0) return { prev: null, previousAnswer: null };
  let { packHead: prev, previousAnswer } = context;
  while (step.divergedAtSeq !== null && prev !== null) {
    const header = await readPackHeader(store, prev);
    if (header.seq < step.seq) break;
    ({ prev, previousAnswer } = header);
  }
  return { prev, previousAnswer };
}

/** The functions of the tools are the sandbox's own, but it runs code of a model: nothing that it asks for is taken on trust. */
function requireKnownTools({ spec }: CellContext, { calls }: HostCallRequest): void {
  const known = new Set((spec.tools ?? []).map(({ name }) => name));
  if (calls.some((call) => call.kind === "tool" && !known.has(call.tool))) throw new SessionDiedError("The sandbox asked for a tool that the run does not have, and was killed.", "protocol");
}
