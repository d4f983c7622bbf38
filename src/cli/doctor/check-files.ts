import { statfs } from "node:fs/promises";
import type { Settings } from "../../api/compose/read-settings.js";
import { formatBytes } from "../../core/byte-size.js";
import { LocalBlobStore } from "../../store/local-blob-store.js";
import { LocalInventory } from "../../store/local-inventory.js";
import { StoreQuota } from "../../store/store-quota.js";
import { check, CheckFailedError, type Check, type Finding } from "./check.js";

/** A run of some turns writes tens of megabytes; below this the first one may not end. */
const NEEDED_BYTES = 256 * 2 ** 20;
const COMFORTABLE_BYTES = 2 * 2 ** 30;

/** Where this machine keeps blobs and the embedded server's database. */
export async function checkFiles({ config, home, storeDirectory }: Settings): Promise<readonly Check[]> {
  return [
    await check("settings", async () => config.projectFile ?? "environment only; there is no rlm.config.json here"),
    await check("home", async () => home),
    await check("store", () => checkStore(storeDirectory, config.storeQuotaBytes)),
    await check("disk", () => checkDisk(storeDirectory)),
  ];
}

const MAKE_ROOM = "Remove what no run needs (rlm delete ID, then rlm gc)";
/** Part of the quota above which one should look for room. */
const NEARLY_FULL = 0.9;

async function checkStore(directory: string, quotaBytes: number | null): Promise<string | Finding> {
  const store = await LocalBlobStore.open(directory);
  const { digest } = await store.put(Buffer.from("rlm doctor"));
  await store.get(digest);
  const works = `${directory} takes and gives back`;
  if (quotaBytes === null) return works;
  const usedBytes = await new StoreQuota(directory, quotaBytes, new LocalInventory(directory)).usedBytes();
  const held = `it holds ${formatBytes(usedBytes)} of the ${formatBytes(quotaBytes)} of its quota`;
  const hint = `${MAKE_ROOM}, or raise the quota (RLM_STORE_QUOTA, storeQuota in rlm.config.json).`;
  if (usedBytes >= quotaBytes) throw new CheckFailedError(`${works}, but ${held}; runs wait (blocked).`, hint);
  return usedBytes > NEARLY_FULL * quotaBytes ? { detail: `${works}; ${held}`, hint } : `${works}; ${held}`;
}

async function checkDisk(directory: string): Promise<string | Finding> {
  const { bavail, bsize } = await statfs(directory);
  const freeBytes = bavail * bsize;
  const detail = `${formatBytes(freeBytes)} free at ${directory}`;
  const cure = `${MAKE_ROOM}, or set RLM_STORE to a larger disk.`;
  if (freeBytes < NEEDED_BYTES) throw new CheckFailedError(`Only ${detail}; runs that find no room wait (blocked).`, cure);
  return freeBytes < COMFORTABLE_BYTES ? { detail, hint: `That is not much for many runs. ${cure}` } : detail;
}
