import { statfs } from "node:fs/promises";
import type { Settings } from "../../api/compose/read-settings.js";
import { formatBytes } from "../../core/byte-size.js";
import { LocalBlobStore } from "../../store/local-blob-store.js";
import { check, CheckFailedError, type Check, type Finding } from "./check.js";

/** A run of some turns writes tens of megabytes; below this the first one may not end. */
const NEEDED_BYTES = 256 * 2 ** 20;
const COMFORTABLE_BYTES = 2 * 2 ** 30;

/** Where this machine keeps blobs and the embedded server's database. */
export async function checkFiles({ config, home, storeDirectory }: Settings): Promise<readonly Check[]> {
  return [
    await check("settings", async () => config.projectFile ?? "environment only; there is no rlm.config.json here"),
    await check("home", async () => home),
    await check("store", () => checkStore(storeDirectory)),
    await check("disk", () => checkDisk(storeDirectory)),
  ];
}

async function checkStore(directory: string): Promise<string> {
  const store = await LocalBlobStore.open(directory);
  const { digest } = await store.put(Buffer.from("rlm doctor"));
  await store.get(digest);
  return `${directory} takes and gives back`;
}

async function checkDisk(directory: string): Promise<string | Finding> {
  const { bavail, bsize } = await statfs(directory);
  const freeBytes = bavail * bsize;
  const detail = `${formatBytes(freeBytes)} free at ${directory}`;
  const cure = "Remove what no run needs (rlm delete ID, then rlm gc --delete), or set RLM_STORE to a larger disk.";
  if (freeBytes < NEEDED_BYTES) throw new CheckFailedError(`Only ${detail}; runs that find no room wait (blocked).`, cure);
  return freeBytes < COMFORTABLE_BYTES ? { detail, hint: `That is not much for many runs. ${cure}` } : detail;
}
