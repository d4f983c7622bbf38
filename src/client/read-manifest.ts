import type { Manifest } from "../core/manifest.js";
import { findManifest, readNamedManifest } from "../journal/find-manifest.js";
import type { BlobStore } from "../store/blob-store.js";

/** The manifest of the newest closed run under this id, or `null`: still open, or never there. */
export async function readManifest(store: BlobStore, workflowId: string): Promise<Manifest | null> {
  return findManifest(store, workflowId);
}

/** What was read before, by name: a manifest never changes, and a program that lives long (a dashboard) lists many of them again and again. */
const known = new WeakMap<BlobStore, ReadonlyMap<string, Manifest>>();

/** All manifests of the store, oldest start first. */
export async function readAllManifests(store: BlobStore): Promise<readonly Manifest[]> {
  const before = known.get(store);
  const now = new Map<string, Manifest>();
  for await (const name of store.listNamed("manifests")) {
    const manifest = before?.get(name) ?? (await readNamedManifest(store, name));
    if (manifest !== null) now.set(name, manifest);
  }
  known.set(store, now);
  return [...now.values()].sort((a, b) => a.startedAtMs - b.startedAtMs);
}

/** The run that this one is a child of, or `null`. Manifests of older versions do not say. */
export function parentOf({ parent = null }: Partial<Manifest>): string | null {
  return parent;
}
