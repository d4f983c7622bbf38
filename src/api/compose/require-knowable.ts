import { RunNotFoundError } from "../../client/errors.js";
import { readManifest } from "../../client/read-manifest.js";
import type { Composed } from "./compose.js";

/**
 * Refuses at once an id that no server can know: a mistyped one must not start (or download) a server.
 * @throws RunNotFoundError
 */
export async function requireKnowable({ client, hasNoServer }: Pick<Composed, "client" | "hasNoServer">, workflowId: string): Promise<void> {
  if ((await hasNoServer()) && (await readManifest(client.store, workflowId)) === null) throw new RunNotFoundError(workflowId);
}
