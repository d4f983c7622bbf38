import type { RestoreRequest, Session, SessionFactory, SnapshotPart } from "../../repl/session.js";
import { MemoryImageWriter } from "./memory-image.js";
import { MemorySession } from "./memory-session.js";

/** Sessions without processes, that pass the conformance suite of the real ones. What Python they know: `runMiniCell`. */
export class MemorySessionFactory implements SessionFactory {
  readonly buildId = "memory.1";
  readonly isolation = "deno";

  async createBaseImage(): Promise<SnapshotPart> {
    return new MemoryImageWriter(null).write({ variables: {}, outputNames: [], seed: "" });
  }

  async restore(request: RestoreRequest): Promise<Session> {
    return new MemorySession(request);
  }
}
