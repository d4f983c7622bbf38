import type { ChildProcess } from "node:child_process";
import type { ToolsRequest } from "../control/protocol.js";
import { homePaths } from "../home.js";
import type { SupervisedProcess } from "../supervised-process.js";
import { readHostedTools, writeHostedTools, type HostedTools } from "./hosted-tools.js";
import { supervisedTools } from "./supervised-tools.js";
import { areSameForTools } from "./tool-env.js";

export interface ToolHostsOptions {
  readonly home: string;
  /** A tool process's whole environment. @param own that of the command that named the tools; `null`: the stack's own */
  readonly env: (own: Readonly<Record<string, string>> | null) => NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
  readonly onSpawn: (digest: string, child: ChildProcess) => void;
}

interface Host extends Readonly<Omit<HostedTools[number], "forSchedules">> {
  /** A schedule that asked for them may start a run at any time. */
  forSchedules: boolean;
  readonly process: SupervisedProcess;
  env: Readonly<Record<string, string>> | null;
  askedAtMs: number;
}

/** A command that asked for tools starts its run within this time. */
const USE_WITHIN_MS = 60_000;

/** The tool processes of a stack: one for each file of tools, by the digest of its bytes. */
export class ToolHosts {
  readonly #hosts = new Map<string, Host>();
  #stopping = false;

  constructor(private readonly options: ToolHostsOptions) {}

  /** Resolves when the tools take calls. Another environment than before is taken over by a new process. @throws Error the file cannot be hosted */
  async host({ env, ...tools }: ToolsRequest, nowMs: number): Promise<void> {
    const known = this.#hosts.get(tools.digest);
    if (known !== undefined) {
      known.askedAtMs = nowMs;
      const changed = known.env === null || !areSameForTools(known.env, env);
      known.env = env;
      if (tools.forSchedules && !known.forSchedules) {
        known.forSchedules = true;
        this.#write();
      }
      return changed ? known.process.restart() : this.#started(known);
    }
    await this.#started(this.#add(tools, env, nowMs));
  }

  /** Hosts again what the home's last stack did, for runs that are still open. Does not wait: runs can go on without, up to their next tool call. */
  resume(): void {
    for (const tools of readHostedTools(this.options.home)) {
      if (!this.#hosts.has(tools.digest)) void this.#started(this.#add(tools, null, Date.now())).catch((error: unknown) => this.options.log(String(error)));
    }
  }

  /** The server's address has changed. */
  restart(): void {
    for (const { process } of this.#hosts.values()) process.restart().catch(() => undefined);
  }

  /** No run is open: ends those that were not asked for just now, nor for schedules while there are any. */
  dropUnused(nowMs: number, schedules: boolean): void {
    for (const host of this.#hosts.values()) {
      if (nowMs - host.askedAtMs <= USE_WITHIN_MS || (schedules && host.forSchedules)) continue;
      this.#forget(host);
      void host.process.stop();
    }
  }

  /** Resolves when none is left. They stay on record. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#hosts.values()].map(({ process }) => process.stop()));
  }

  #add(tools: HostedTools[number], env: Host["env"], nowMs: number): Host {
    const { home, log, onSpawn } = this.options;
    const host: Host = {
      ...tools, env, askedAtMs: nowMs,
      process: supervisedTools({ ...tools, logFile: homePaths(home).toolsLog, log, env: () => this.options.env(host.env), onSpawn: (child) => onSpawn(tools.digest, child) }),
    };
    this.#hosts.set(tools.digest, host);
    this.#write();
    log(`Hosting the tools of ${tools.file}`);
    return host;
  }

  async #started(host: Host): Promise<void> {
    try {
      await host.process.start();
    } catch (error) {
      if (!this.#stopping) this.#forget(host);
      throw new Error(`The tools of ${host.file} cannot be hosted: ${(error as Error).message}`, { cause: error });
    }
  }

  #forget(host: Host): void {
    if (this.#hosts.get(host.digest) === host) this.#hosts.delete(host.digest);
    this.#write();
  }

  #write(): void {
    writeHostedTools(this.options.home, [...this.#hosts.values()].map(({ file, digest, cwd, forSchedules }) => ({ file, digest, cwd, forSchedules })));
  }
}
