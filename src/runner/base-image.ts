import type { SessionFactory } from "../repl/session.js";
import type { BlobStore } from "../store/blob-store.js";
import { putSnapshot } from "./snapshot-chain.js";

/**
 * Digest of the image that every new session starts from; made once per sandbox build and shared through the store. Two workers that make it at
 * the same time agree on the one published first.
 */
export async function ensureBaseImage(store: BlobStore, factory: Pick<SessionFactory, "buildId" | "createBaseImage">): Promise<string> {
  const name = `base-images/${factory.buildId}`;
  const known = await store.getNamed(name);
  const digest = known === null ? null : Buffer.from(known).toString("utf8");
  if (digest !== null && (await isIntact(store, digest))) return digest;
  if (digest !== null) await store.deleteNamed(name);
  const { ref } = await putSnapshot(store, factory.buildId, [], await factory.createBaseImage());
  return Buffer.from(await store.putNamed(name, Buffer.from(ref.digest, "utf8"))).toString("utf8");
}

/** A lost or damaged image is made again: it holds nothing of any run. */
async function isIntact(store: BlobStore, digest: string): Promise<boolean> {
  try {
    await store.get(digest);
    return true;
  } catch (error) {
    if (error instanceof Error && (error.name === "BlobNotFoundError" || error.name === "BlobCorruptError")) return false;
    throw error;
  }
}
