import path from "node:path";
import { inject } from "vitest";
import { createSandboxFactory } from "../../src/repl/sandbox-factory.js";
import type { SnapshotPart } from "../../src/repl/session.js";
import { ensureBaseImage } from "../../src/runner/base-image.js";
import { loadSnapshotChain } from "../../src/runner/snapshot-chain.js";
import { LocalBlobStore } from "../../src/store/local-blob-store.js";

interface BaseImage {
  readonly buildId: string;
  readonly part: SnapshotPart;
}

let read: Promise<BaseImage> | undefined;

/** The base image without packages, made by the first test file that needs it: booting Pyodide cold would be most of the time of many of them. */
export function sharedBaseImage(): Promise<BaseImage> {
  return (read ??= readOrMake());
}

/** Puts the base image into a new store, so that the first worker on it starts as on a machine in use. */
export async function seedBaseImage(store: LocalBlobStore): Promise<void> {
  const { buildId, part } = await sharedBaseImage();
  await ensureBaseImage(store, { buildId, createBaseImage: async () => part });
}

/** The same for the store of a home that no command has used yet. */
export async function seedHome(home: string): Promise<void> {
  await seedBaseImage(await LocalBlobStore.open(path.join(home, "store")));
}

async function readOrMake(): Promise<BaseImage> {
  const directory = inject("sharedStore");
  const store = await LocalBlobStore.open(path.join(directory, "store"));
  const factory = await createSandboxFactory({ workDir: path.join(directory, `sessions-${process.pid}`) });
  const { parts: [bytes] } = await loadSnapshotChain(store, factory.buildId, await ensureBaseImage(store, factory));
  if (bytes === undefined) throw new Error("A base image has one part.");
  return { buildId: factory.buildId, part: { bytes, keptParts: 0 } };
}
