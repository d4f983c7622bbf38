import { baseImageName, isBaseImageName } from "../../core/base-image-name.js";
import type { BlobKind } from "../../journal/blob-kind.js";
import { Marking } from "../../journal/marking.js";
import type { BlobInventory, StoredBlob, StoredEntry } from "../../store/blob-inventory.js";
import type { RunClient } from "../run-client.js";
import { amountOf, type Amount, type GarbageReport, NOTHING } from "./garbage-report.js";
import { listed } from "./listed.js";
import { assertOnlyNamespace, namespaceOf } from "./store-namespaces.js";
import { isReply, markEntries, markServerRuns, runUidOf, type Living } from "./mark-living.js";

export interface GarbageOptions {
  /** What was written or used again so recently stays: a step may not have told the run of it yet. */
  readonly graceMs: number;
  readonly dryRun: boolean;
  /** False: there is no server, hence no run but those that the store remembers. */
  readonly askServer: boolean;
  /** The base image of this sandbox build stays, used or not. */
  readonly ownBuildId: string;
  readonly onStep?: (line: string) => void;
}

/** A reachable record is gone or damaged: what hung on it cannot be told from garbage. */
export class GarbageUnknownError extends Error {
  override readonly name = "GarbageUnknownError";
  readonly code = "garbage_unknown";
  constructor(readonly digests: readonly string[], options?: ErrorOptions) {
    const some = digests.slice(0, 3).map((digest) => digest.slice(0, 12)).join(", ");
    super(`Nothing was removed: ${digests.length} records that runs refer to are missing or damaged (${some}), so what belongs to them is not known. Restore them from a backup, or \`rlm delete\` those runs.`, options);
  }
}

/**
 * Removes the blobs and reply files that no run refers to: mark, then sweep. Roots are the server's runs without a manifest and everything that has a
 * name in the store (manifests, the base image of this sandbox build); base images of other builds as long as a run or a worker uses them. Safe beside running workers; whatever is written or used again since it began stays.
 * @throws ForeignNamespaceError, GarbageUnknownError, StoreUnavailableError, BlobCorruptError
 */
export async function collectGarbage(client: RunClient, inventory: BlobInventory, options: GarbageOptions): Promise<GarbageReport> {
  const { graceMs, dryRun, askServer, ownBuildId, onStep = () => undefined } = options;
  const startedAtMs = Date.now();
  await assertOnlyNamespace(client.store, askServer ? await namespaceOf(client) : null);
  const cutoffMs = startedAtMs - graceMs;
  onStep("Looking through the store …");
  const blobs = await listed(inventory.listBlobs());
  const marking = new Marking(client.store, new Map(blobs.map(({ digest, bytes }) => [digest, bytes])));
  const living: Living = { uuids: new Set(), histories: new Set() };
  const markServer = async (): Promise<void> => (askServer ? markServerRuns(client, marking, living) : undefined);
  await markServer();
  onStep(`${living.histories.size} runs of the server hold ${marking.count} blobs; reading what the store remembers …`);
  const entries = await listed(inventory.listEntries());
  const otherBaseImages = entries.filter(({ name }) => isBaseImageName(name) && name !== baseImageName(ownBuildId));
  await markEntries(client, entries.filter((entry) => !otherBaseImages.includes(entry)), marking, living);
  // Runs that began meanwhile, forks of what was there among them.
  await markServer();
  if (marking.missing.length > 0 && !dryRun) throw new GarbageUnknownError(marking.missing);

  const unmarked = blobs.filter(({ digest }) => marking.kindOf(digest) === null);
  const old = unmarked.filter(({ touchedAtMs }) => touchedAtMs < cutoffMs);
  const oldReplies = abandonedReplies(entries, living, cutoffMs);
  onStep(`${old.length} blobs and ${oldReplies.length} reply files are not in use.`);
  const removed = dryRun ? old : await inventory.sweep(old.map(({ digest }) => digest), cutoffMs);
  for (const { name } of dryRun ? [] : oldReplies) await client.store.deleteNamed(name);
  if (!dryRun) await forgetBaseImages(client, otherBaseImages, new Set(removed.map(({ digest }) => digest)));
  return {
    dryRun, graceMs,
    total: amountOf([...blobs, ...entries]),
    kept: keptByKind(blobs, marking),
    young: amountOf(unmarked.filter(({ touchedAtMs }) => touchedAtMs >= cutoffMs)),
    removed: amountOf(removed),
    replies: amountOf(oldReplies),
    runs: { open: living.histories.size, closed: entries.filter(({ name }) => name.startsWith("manifests/")).length },
    missing: marking.missing,
    durationMs: Date.now() - startedAtMs,
  };
}

/** The names of base images that were removed. A worker that uses one has written it again meanwhile, and it was not. */
async function forgetBaseImages({ store }: RunClient, images: readonly StoredEntry[], removed: ReadonlySet<string>): Promise<void> {
  for (const { name } of images) {
    const digest = await store.getNamed(name);
    if (digest !== null && removed.has(Buffer.from(digest).toString("utf8"))) await store.deleteNamed(name);
  }
}

/** Reply files of runs that nobody knows, once none of them is fresh. */
function abandonedReplies(entries: readonly StoredEntry[], { uuids }: Living, cutoffMs: number): StoredEntry[] {
  const replies = entries.filter(({ name }) => isReply(name) && !uuids.has(runUidOf(name)));
  const fresh = new Set(replies.filter(({ writtenAtMs }) => writtenAtMs >= cutoffMs).map(({ name }) => runUidOf(name)));
  return replies.filter(({ name }) => !fresh.has(runUidOf(name)));
}

function keptByKind(blobs: readonly StoredBlob[], marking: Marking): Partial<Record<BlobKind, Amount>> {
  const byKind: Partial<Record<BlobKind, Amount>> = {};
  for (const { digest, bytes } of blobs) {
    const kind = marking.kindOf(digest);
    if (kind === null) continue;
    const before = byKind[kind] ?? NOTHING;
    byKind[kind] = { blobs: before.blobs + 1, bytes: before.bytes + bytes };
  }
  return byKind;
}
