import type { Manifest } from "../core/manifest.js";
import { findManifest, readManifests } from "../journal/find-manifest.js";
import type { BlobStore } from "../store/blob-store.js";

/** The manifest of the newest closed run under this id, or `null`: still open, or never there. */
export async function readManifest(store: BlobStore, workflowId: string): Promise<Manifest | null> {
  return findManifest(store, workflowId);
}

/** All manifests of the store, oldest start first. */
export async function readAllManifests(store: BlobStore): Promise<readonly Manifest[]> {
  return readManifests(store, "manifests");
}
