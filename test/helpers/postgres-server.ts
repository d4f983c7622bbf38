import { execFile, spawn, type ChildProcess } from "node:child_process";
import { chownSync, existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { vi } from "vitest";
import { childPids } from "./child-pids.js";
import { childEnd } from "../../src/stack/process/end-child.js";
import { LOOPBACK } from "../../src/stack/server/dev-server-flags.js";
import { freePort } from "../../src/stack/server/free-port.js";

const run = promisify(execFile);

/** A real PostgreSQL with a cluster of its own, on the loopback address. Everyone there is let in. */
export interface TestPostgres {
  readonly port: number;
  readonly user: string;
  /** SIGKILL of all its processes, waited for. Its files stay. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** @throws Error PostgreSQL is not installed */
export async function startTestPostgres(): Promise<TestPostgres> {
  const bin = postgresPrograms();
  const account = await unprivilegedAccount();
  const directory = await mkdtemp(path.join(os.tmpdir(), "rlm-test-postgres-"));
  if (account !== undefined) chownSync(directory, account.uid, account.gid);
  const data = path.join(directory, "data");
  const as = { ...account, cwd: directory };
  await run(path.join(bin, "initdb"), ["-D", data, "--auth", "trust", "--username", "temporal"], as);
  const port = await freePort();
  let child: ChildProcess;

  const start = async (): Promise<void> => {
    child = spawn(path.join(bin, "postgres"), ["-D", data, "-p", String(port), "-c", `listen_addresses=${LOOPBACK}`, "-c", "unix_socket_directories="], { ...as, stdio: "ignore" });
    await vi.waitFor(() => run(path.join(bin, "pg_isready"), ["-q", "-h", LOOPBACK, "-p", String(port)]), { timeout: 60_000, interval: 100 });
  };
  const kill = async (): Promise<void> => {
    // Its processes are each in a session of their own: the group would not do.
    for (const pid of childPids(child.pid ?? 0)) killIfThere(pid);
    child.kill("SIGKILL");
    await childEnd(child);
  };
  const killNow = (): void => { child.kill("SIGKILL"); };
  process.once("exit", killNow);
  await start();
  return {
    port,
    user: "temporal",
    kill,
    start,
    async stop() {
      process.removeListener("exit", killNow);
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Debian keeps them out of the PATH. */
function postgresPrograms(): string {
  const places = [...(process.env["PATH"] ?? "").split(path.delimiter), ...debianDirectories()];
  const found = places.find((place) => ["initdb", "postgres", "pg_isready"].every((name) => existsSync(path.join(place, name))));
  if (found === undefined) throw new Error("PostgreSQL is not installed: no initdb, postgres and pg_isready in the PATH or /usr/lib/postgresql. Install it: apt-get install postgresql.");
  return found;
}

/** Newest first. */
function debianDirectories(): string[] {
  const all = "/usr/lib/postgresql";
  return existsSync(all) ? readdirSync(all).sort((a, b) => Number(b) - Number(a)).map((version) => path.join(all, version, "bin")) : [];
}

/** PostgreSQL refuses to run as root. */
async function unprivilegedAccount(): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all(["-u", "-g"].map(async (which) => Number((await run("id", [which, "postgres"])).stdout)));
  return { uid: uid ?? 0, gid: gid ?? 0 };
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
