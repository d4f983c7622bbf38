import { join } from "node:path";
import { assertChain, readPartHeader } from "../snapshot/part-header.js";
import { computeBuildId } from "./build-id.js";
import type { ChildSettings, PreludeModule } from "./child/protocol.js";
import { ensureDenoCache, removeUnusedCaches } from "./deno-cache.js";
import { resolveDenoBinary } from "./deno-binary.js";
import { type BubblewrapMode, findIsolation, type Isolation } from "./isolation.js";
import { obtainWheel } from "./packages/obtain-wheel.js";
import type { PackageSet } from "./packages/package-set.js";
import { type PackagePaths, resolvePackagePaths } from "./package-paths.js";
import { readPrelude } from "./prelude-files.js";
import { limitedCommand, resourceLimitsOf } from "./resource-limits.js";
import { bubblewrapCommand, denoCommand } from "./sandbox-command.js";
import { SandboxProcess } from "./sandbox-process.js";
import { SandboxSession } from "./sandbox-session.js";
import { SpareSessions } from "./spare-sessions.js";
import { type IsolationLevel, type RestoreRequest, SandboxUnavailableError, type Session, type SessionFactory, type SnapshotPart } from "./session.js";
import { removeAbandonedDirectories, SessionDirectory } from "./session-directory.js";

export interface SandboxFactoryOptions {
  /** Directory for the sessions' own directories. Best on the file system of the blob store: inputs are hard-linked then, else copied. */
  readonly workDir: string;
  /** Linear memory of one interpreter, in bytes. @default 2 GiB */
  readonly memoryLimitBytes?: number;
  /** All files of one interpreter, in bytes; they do not count as linear memory. @default 256 MiB */
  readonly fileQuotaBytes?: number;
  /** @default "auto": used where it works */
  readonly bubblewrap?: BubblewrapMode;
  /** How long after a cell's timeout its interpreter may take to stop by itself before it is killed. @default 5000 */
  readonly graceMs?: number;
  /** Directory of the Python prelude with its `order.json`. @default the one of this package */
  readonly preludeDirectory?: string;
  /** Beside the standard library. @default none */
  readonly packages?: PackageSet;
  /** Processes started ahead for the next restores, each with 100 MB of memory of its own. @default 0 */
  readonly spares?: number;
  readonly onLog?: (message: string) => void;
}

type Settings = Required<Omit<SandboxFactoryOptions, "preludeDirectory">>;

const DEFAULTS: Omit<Settings, "workDir"> = { memoryLimitBytes: 2 * 2 ** 30, fileQuotaBytes: 256 * 2 ** 20, bubblewrap: "auto", graceMs: 5000, packages: { from: "", wheels: [] }, spares: 0, onLog: () => {} };

/**
 * Finds what sandboxes need on this machine, once. Disposing of the factory ends the processes that were started ahead; its sessions live on.
 * @throws {SandboxUnavailableError} something is missing; the message says what to do.
 */
export async function createSandboxFactory(options: SandboxFactoryOptions): Promise<SessionFactory & AsyncDisposable> {
  const settings = { ...DEFAULTS, ...options };
  const paths = resolvePackagePaths();
  const prelude = readPrelude(settings.preludeDirectory ?? paths.preludeDirectory);
  const denoBinary = resolveDenoBinary();
  const isolation = await findIsolation(settings.bubblewrap, denoBinary);
  removeAbandonedDirectories(settings.workDir);
  const buildId = computeBuildId([paths.childDirectory, paths.snapshotDirectory], prelude, settings.packages.wheels);
  const { memoryLimitBytes, fileQuotaBytes } = settings;
  const loadOnly: ChildSettings = { buildId, pyodideDirectory: paths.pyodideDirectory, inputsDirectory: paths.pyodideDirectory, memoryLimitBytes, fileQuotaBytes, purpose: "load" };
  const denoCache = (): Promise<string> => ensureDenoCache(settings.workDir, buildId, (cache) => denoCommand(denoBinary, paths, loadOnly, cache));
  await denoCache();
  removeUnusedCaches(settings.workDir, Date.now());
  const factory = new SandboxFactory(settings, { paths, prelude, denoBinary, isolation, buildId, denoCache });
  settings.onLog(`sandbox build ${factory.buildId}, isolation ${isolation.level} (${isolation.explanation})`);
  return factory;
}

interface Installation {
  readonly paths: PackagePaths;
  readonly prelude: readonly PreludeModule[];
  readonly denoBinary: string;
  readonly isolation: Isolation;
  readonly buildId: string;
  /** Directory of the compiled program; made again when it was removed. */
  readonly denoCache: () => Promise<string>;
}

class SandboxFactory implements SessionFactory, AsyncDisposable {
  readonly buildId: string;
  readonly isolation: IsolationLevel;
  readonly #settings: Settings;
  readonly #installation: Installation;
  readonly #spares: SpareSessions;

  constructor(settings: Settings, installation: Installation) {
    this.#settings = settings;
    this.#installation = installation;
    this.#spares = new SpareSessions(settings.spares, () => this.#start("restore"));
    this.buildId = installation.buildId;
    this.isolation = installation.isolation.level;
  }

  /** @throws {PackageError} a wheel of the packages is not there, or not the right one. */
  async createBaseImage(): Promise<SnapshotPart> {
    const { packages, workDir } = this.#settings;
    const wheels = await Promise.all(packages.wheels.map(async (wheel) => ({ digest: wheel.sha256, path: await obtainWheel(packages.from, wheel, join(workDir, "wheels")) })));
    await using session = await this.#start("boot");
    return await session.boot(this.#installation.prelude, wheels);
  }

  /** @throws {SnapshotBuildMismatchError | SnapshotFormatError} parts that cannot be restored here; no process is started for them. */
  async restore(request: RestoreRequest): Promise<Session> {
    assertChain(request.parts.map(readPartHeader), this.buildId);
    const session = await this.#spares.take();
    try {
      await session.restore(request);
      return session;
    } catch (error) {
      await session[Symbol.asyncDispose]();
      throw error;
    } finally {
      this.#spares.refillLater();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#spares[Symbol.asyncDispose]();
  }

  async #start(purpose: ChildSettings["purpose"]): Promise<SandboxSession> {
    const { workDir, memoryLimitBytes, fileQuotaBytes, graceMs } = this.#settings;
    const { paths, denoBinary, isolation, denoCache } = this.#installation;
    const cache = await denoCache();
    const directory = new SessionDirectory(workDir);
    const settings: ChildSettings = { buildId: this.buildId, pyodideDirectory: paths.pyodideDirectory, inputsDirectory: directory.inputs, memoryLimitBytes, fileQuotaBytes, purpose };
    const deno = denoCommand(denoBinary, paths, settings, cache);
    const readable = [paths.pyodideDirectory, paths.childDirectory, paths.snapshotDirectory, directory.inputs];
    try {
      const walled = isolation.bubblewrap === null ? deno : bubblewrapCommand(isolation.bubblewrap, deno, readable);
      const process = await SandboxProcess.start(limitedCommand(walled, resourceLimitsOf(memoryLimitBytes, fileQuotaBytes)));
      return new SandboxSession({ process, directory, memoryLimitBytes, graceMs, reopen: (request) => this.restore(request) });
    } catch (cause) {
      directory.remove();
      throw new SandboxUnavailableError(`A sandbox process could not be started: ${(cause as Error).message}. Check that ${denoBinary} may be executed.`, { cause });
    }
  }
}
