import { readdirSync, readFileSync, utimesSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LocalBlobStore } from "../../src/store/local-blob-store.js";
import type { TestCluster } from "../helpers/cluster.js";

const PATIENCE_MS = 20_000;
const LONG_AGO = new Date(0);

/** What killed and stopped workers left behind: processes, sessions' directories, temporary files. Call it when all workers have been stopped; a last one is started, which cleans up. */
export async function leftovers(cluster: TestCluster, env: Record<string, string>, temporary: string, pids: ReadonlySet<number>, killed: ReadonlySet<number>): Promise<string[]> {
  const { home } = cluster;
  await (await cluster.startWorker(env)).stop();
  const sinceMs = Date.now();
  const alive = (): number[] => livingOf(new Set([...pids, ...processesNaming(home)]));
  while (alive().length > 0 && Date.now() - sinceMs < PATIENCE_MS) await sleep(50);
  const sessions = readdirSync(path.join(home, "sessions")).filter((name) => name.startsWith("session-"));
  return [
    ...alive().map((pid) => `process ${pid} is still there`),
    ...sessions.map((name) => `sessions/${name} is still there`),
    ...(await workFiles(path.join(home, "store"), killed)),
    ...readdirSync(temporary).map((name) => `${name} is still in the temporary directory`),
  ];
}

/** Processes that were started with a path in this directory, whoever their parent is now. */
function processesNaming(directory: string): number[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(directory);
    } catch {
      return false;
    }
  });
}

/** Half-written files of killed workers stay for a day, as a store may have writers on several machines; then the next who opens it removes them. Of others there are none. */
async function workFiles(store: string, killed: ReadonlySet<number>): Promise<string[]> {
  const directory = path.join(store, "tmp");
  const others = readdirSync(directory).filter((name) => !killed.has(Number(name.split("-")[0])));
  for (const name of readdirSync(directory)) utimesSync(path.join(directory, name), LONG_AGO, LONG_AGO);
  await LocalBlobStore.open(store);
  return [...others, ...readdirSync(directory)].map((name) => `store/tmp/${name} is still there`);
}

/** Those that are not gone; the dead that nobody has waited for do not count. */
function livingOf(pids: ReadonlySet<number>): number[] {
  return [...pids].filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
    } catch {
      return false;
    }
  });
}
