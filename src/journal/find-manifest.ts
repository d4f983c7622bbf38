import { manifestName, type Manifest } from "../core/manifest.js";
import type { BlobStore } from "../store/blob-store.js";

/** The manifest of the newest closed run under this workflow id, or `null`: still open, or never there. */
export async function findManifest(store: BlobStore, workflowId: string): Promise<Manifest | null> {
  const prefix = manifestName(Buffer.from(workflowId, "utf8").toString("hex"), "").replace(/\/$/, "");
  let newest: Manifest | null = null;
  for await (const name of store.listNamed(prefix)) {
    const manifest = await readNamedManifest(store, name);
    if (manifest !== null && manifest.startedAtMs >= (newest?.startedAtMs ?? 0)) newest = manifest;
  }
  return newest;
}

/** `null`: it was deleted meanwhile. */
export async function readNamedManifest(store: BlobStore, name: string): Promise<Manifest | null> {
  const bytes = await store.getNamed(name);
  return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString("utf8")) as Manifest);
}
