import { cp, readdir } from "node:fs/promises";
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

/** Puts the base image into a new store. */
async function seedBaseImage(store: LocalBlobStore): Promise<void> {
  const { buildId, part } = await sharedBaseImage();
  await ensureBaseImage(store, { buildId, createBaseImage: async () => part });
}

/** A home as it is on a machine in use, before any command has used it. */
export async function seedHome(home: string): Promise<void> {
  await seedBaseImage(await LocalBlobStore.open(path.join(home, "store")));
  await seedWorkDir(path.join(home, "sessions"));
}

/** Puts the compiled program of the sandbox where a factory looks for it. */
export async function seedWorkDir(workDir: string): Promise<void> {
  await sharedBaseImage();
  const isKept = (name: string): boolean => name.startsWith("deno-cache-") && !name.startsWith("deno-cache-new-");
  for (const name of (await readdir(sharedWorkDir())).filter(isKept)) await cp(path.join(sharedWorkDir(), name), path.join(workDir, name), { recursive: true });
}

const sharedWorkDir = (): string => path.join(inject("sharedStore"), "sessions");

async function readOrMake(): Promise<BaseImage> {
  const store = await LocalBlobStore.open(path.join(inject("sharedStore"), "store"));
  const factory = await createSandboxFactory({ workDir: sharedWorkDir() });
  const { parts: [bytes] } = await loadSnapshotChain(store, factory.buildId, await ensureBaseImage(store, factory));
  if (bytes === undefined) throw new Error("A base image has one part.");
  return { buildId: factory.buildId, part: { bytes, keptParts: 0 } };
}
