import { manifestName, type Manifest } from "../core/manifest.js";
import type { BlobStore } from "../store/blob-store.js";
import { workflowIdHex } from "./workflow-id.js";

/** The manifest of the newest closed run under this id, or `null`: still open, or never there. */
export async function readManifest(store: BlobStore, workflowId: string): Promise<Manifest | null> {
  const prefix = manifestName(workflowIdHex(workflowId), "").replace(/\/$/, "");
  return (await readManifests(store, prefix)).at(-1) ?? null;
}

/** All manifests of the store, oldest start first. */
export async function readAllManifests(store: BlobStore): Promise<readonly Manifest[]> {
  return readManifests(store, "manifests");
}

async function readManifests(store: BlobStore, prefix: string): Promise<readonly Manifest[]> {
  const manifests: Manifest[] = [];
  for await (const name of store.listNamed(prefix)) {
    const bytes = await store.getNamed(name);
    if (bytes !== null) manifests.push(JSON.parse(Buffer.from(bytes).toString("utf8")) as Manifest);
  }
  return manifests.sort((a, b) => a.startedAtMs - b.startedAtMs);
}
