import { baseImageName } from "../core/base-image-name.js";
import type { SessionFactory } from "../repl/session.js";
import type { BlobStore } from "../store/blob-store.js";
import { putSnapshot } from "./snapshot-chain.js";

/**
 * Digest of the image that every new session starts from; made once per sandbox build and shared through the store. Two workers that make it at
 * the same time agree on the one published first.
 */
export async function ensureBaseImage(store: BlobStore, factory: Pick<SessionFactory, "buildId" | "createBaseImage">): Promise<string> {
  const name = baseImageName(factory.buildId);
  const known = await store.getNamed(name);
  const digest = known === null ? null : Buffer.from(known).toString("utf8");
  if (digest !== null && (await useAgain(store, digest))) return digest;
  if (digest !== null) await store.deleteNamed(name);
  const { ref } = await putSnapshot(store, factory.buildId, [], await factory.createBaseImage());
  return Buffer.from(await store.putNamed(name, Buffer.from(ref.digest, "utf8"))).toString("utf8");
}

/** Shorter than half of the shortest grace period of garbage collection, 10 minutes. */
const KEEP_EVERY_MS = 4 * 60_000;

/** Tells garbage collection again and again that sessions start from the image, also while no run refers to it. Returns how to stop. */
export function keepBaseImage(store: BlobStore, digest: string): () => void {
  // A store that is away for a while is other people's worry, and a lost image is made again by the next worker.
  const timer = setInterval(() => void useAgain(store, digest).catch(() => undefined), KEEP_EVERY_MS).unref();
  return () => clearInterval(timer);
}

/** Counts the image as just written. `false`: lost or damaged; it is made again, as it holds nothing of any run. */
async function useAgain(store: BlobStore, digest: string): Promise<boolean> {
  try {
    await store.put(await store.get(digest));
    return true;
  } catch (error) {
    if (error instanceof Error && (error.name === "BlobNotFoundError" || error.name === "BlobCorruptError")) return false;
    throw error;
  }
}
