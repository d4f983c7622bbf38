import { manifestName, type Manifest } from "../core/manifest.js";
import type { BlobStore } from "../store/blob-store.js";

/** The manifest of the newest closed run under this workflow id, or `null`: still open, or never there. */
export async function findManifest(store: BlobStore, workflowId: string): Promise<Manifest | null> {
  const prefix = manifestName(Buffer.from(workflowId, "utf8").toString("hex"), "").replace(/\/$/, "");
  return (await readManifests(store, prefix)).at(-1) ?? null;
}

/** All manifests below a prefix of names, oldest start first. */
export async function readManifests(store: BlobStore, prefix: string): Promise<readonly Manifest[]> {
  const manifests: Manifest[] = [];
  for await (const name of store.listNamed(prefix)) {
    const bytes = await store.getNamed(name);
    if (bytes !== null) manifests.push(JSON.parse(Buffer.from(bytes).toString("utf8")) as Manifest);
  }
  return manifests.sort((a, b) => a.startedAtMs - b.startedAtMs);
}
