import { randomBytes } from "node:crypto";
import type { ChildProcess } from "node:child_process";
import type { ControlHandlers } from "./control/control-server.js";
import type { DashboardRequest, StackReport, ToolsRequest } from "./control/protocol.js";
import { areSameCredentials, credentialsFingerprint, credentialsFromEnv, resolveCredentials, type Credentials } from "./credentials.js";
import { Leases } from "./leases.js";
import { countOpenRuns, lookAtSchedules } from "./open-work.js";
import { packageVersions } from "./package-files.js";
import { ownProcessIdentity, readProcessIdentity } from "./process/process-identity.js";
import { parseSqliteSync } from "./server/dev-server-flags.js";
import { NAMESPACE } from "./server/server-ready.js";
import { TemporalServer } from "./server/temporal-server.js";
import { dashboardProgram, ServedDashboard } from "./served-dashboard.js";
import type { RecordedChild, StackState } from "./state-file.js";
import { writeStackState } from "./state-file.js";
import type { SupervisedProcess } from "./supervised-process.js";
import type { TemporalCli } from "./temporal-cli/find-temporal-cli.js";
import { toolEnv } from "./tools/tool-env.js";
import { ToolHosts } from "./tools/tool-hosts.js";
import { workerEnv } from "./worker-env.js";
import { supervisedWorker } from "./worker-process.js";

export interface StackOptions {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly socket: string;
  /** Temporal's own UI, without a token. */
  readonly ui: boolean;
  readonly workerCommand: readonly string[];
  readonly log: (line: string) => void;
  /** Asks the program to end everything; may be called more than once. */
  readonly requestStop: (reason: string) => void;
}

/**
 * The server and the worker of one home, and what can be asked of them.
 * Phases: `starting` -> `ready` -> `stopping`, or `starting` -> `stopping`. Nothing is granted any more once it is stopping: a command that comes then
 * waits for the end and starts the next stack.
 */
export class Stack implements ControlHandlers {
  #phase: StackReport["phase"] = "starting";
  #step = "Looking for the Temporal CLI";
  #cli: TemporalCli | null = null;
  #server: TemporalServer | null = null;
  #worker: SupervisedProcess | null = null;
  #children: RecordedChild[] = [];
  #failure: StackState["failure"] = null;
  #credentials: Credentials;
  #handingOver: Promise<unknown> = Promise.resolve();
  readonly #salt = randomBytes(16);
  readonly #leases = new Leases();
  readonly #tools: ToolHosts;
  readonly #dashboard: ServedDashboard;

  constructor(private readonly options: StackOptions) {
    this.#credentials = credentialsFromEnv(options.env);
    const { home, env, log } = options;
    this.#tools = new ToolHosts({
      home, log,
      env: (own) => this.#envOf(own, null),
      onSpawn: (digest, child) => this.#record("tools", digest, child),
    });
    // It has no key and does not bring any: runs that it starts use the worker's.
    const dashboardEnv = (own: Readonly<Record<string, string>> | null): NodeJS.ProcessEnv => this.#envOf(own, (own ?? env)["OPENAI_BASE_URL"] || null);
    this.#dashboard = new ServedDashboard({ home, log, env: dashboardEnv, onSpawn: (child) => this.#record("dashboard", dashboardProgram(), child) });
  }

  /** Resolves when server and worker are ready; rejects when one of them cannot be brought up. */
  async start(cli: TemporalCli): Promise<void> {
    const { home, env, ui, workerCommand, log } = this.options;
    if (this.#stopping) return;
    this.#cli = cli;
    const server = this.#server = new TemporalServer({
      home, cli: cli.path, ui, log, sqliteSync: parseSqliteSync(env["RLM_SQLITE_SYNC"]),
      onSpawn: (child) => this.#record("server", cli.path, child),
      onMoved: () => { this.#worker?.restart().catch(() => {}); this.#tools.restart(); this.#dashboard.restart(); },
    });
    this.#enter(`Starting the Temporal server ${cli.version}`);
    await server.process.start();
    if (this.#stopping) return;
    this.#worker = supervisedWorker({
      home, command: workerCommand, log,
      env: () => workerEnv(env, this.#credentials, { home, address: server.address ?? "", namespace: NAMESPACE }),
      onSpawn: (child) => this.#record("worker", workerCommand.at(-1) ?? "", child),
    });
    this.#enter("Starting the worker");
    await this.#worker.start();
    if (this.#stopping) return;
    this.#tools.resume();
    this.#dashboard.resume();
    this.#phase = "ready";
    this.#enter(`Ready on ${server.address}`);
  }

  /** Ends worker and server; resolves when neither is left. */
  async end(reason: string): Promise<void> {
    this.#phase = "stopping";
    this.#enter(`Stopping: ${reason}`);
    await Promise.all([this.#worker?.stop(), this.#tools.stop(), this.#dashboard.stop()]);
    await this.#server?.stop();
  }

  /** Leaves word for the command that waits for this stack. */
  fail(failure: NonNullable<StackState["failure"]>): void {
    this.#failure = failure;
    this.writeState();
  }

  writeState(): void {
    const { home, socket } = this.options;
    writeStackState(home, {
      format: 1, stack: ownProcessIdentity(), socket, address: this.#server?.address ?? null, children: this.#children, failure: this.#failure,
    });
  }

  /** Whether somebody or something needs the stack now. */
  async isBusy(): Promise<boolean> {
    if (this.#leases.count() > 0 || this.#dashboard.isWanted) return true;
    const connection = this.#server?.connection;
    if (!connection) return true;
    if ((await countOpenRuns(connection)) > 0) return true;
    const schedules = await lookAtSchedules(connection);
    this.#tools.dropUnused(Date.now(), schedules.any);
    return schedules.active || this.#leases.count() > 0;
  }

  async status(): Promise<StackReport> {
    const connection = this.#server?.connection ?? null;
    return {
      phase: this.#phase, step: this.#step, address: this.#server?.address ?? null, namespace: NAMESPACE, ui: this.#server?.ui ?? null, dashboard: this.#dashboard.url,
      pids: { stack: process.pid, server: this.#server?.process.pid ?? null, worker: this.#worker?.pid ?? null },
      restarts: { server: this.#server?.process.restarts ?? 0, worker: this.#worker?.restarts ?? 0 },
      versions: { ...packageVersions(), temporalServer: this.#server?.version ?? null, temporalCli: this.#cli?.version ?? null },
      openRuns: connection === null ? null : await countOpenRuns(connection).catch(() => null),
      credentials: credentialsFingerprint(this.#salt, this.#credentials),
    };
  }

  stop(): void {
    this.options.requestStop("asked to");
  }

  lease(holder: { pid: number; startToken: string }): { id: string } | null {
    return this.#stopping ? null : { id: this.#leases.grant(holder) };
  }

  release(id: string): void {
    this.#leases.release(id);
  }

  /** Resolves when a process that hosts these tools takes calls. It stays as long as runs are open, and comes back with the stack. */
  async hostTools(tools: ToolsRequest): Promise<void> {
    if (this.#phase !== "ready") throw new Error("The stack is not ready.");
    await this.#tools.host(tools, Date.now());
  }

  /** Resolves when the dashboard answers. It is served, and the stack stays, until the stack is told to stop. */
  async serveDashboard(request: DashboardRequest): Promise<{ url: string }> {
    if (this.#phase !== "ready") throw new Error("The stack is not ready.");
    return this.#dashboard.serve(request);
  }

  /** One hand-over at a time: two commands with different keys get them in turn. */
  offerCredentials(offered: Credentials): Promise<{ changed: boolean }> {
    const next = this.#handingOver.then(async () => {
      const before = this.#credentials;
      this.#credentials = resolveCredentials(before, offered);
      const changed = !areSameCredentials(this.#credentials, before);
      if (changed && this.#worker !== null) {
        this.options.log("A command brought other credentials: starting the worker again with them.");
        await this.#worker.restart();
      }
      return { changed };
    });
    this.#handingOver = next.catch(() => {});
    return next;
  }

  get #stopping(): boolean {
    return this.#phase === "stopping";
  }

  /** Of a process beside the worker. @param own environment of the command that asked for it; `null`: the stack's */
  #envOf(own: Readonly<Record<string, string>> | null, baseUrl: string | null): NodeJS.ProcessEnv {
    const { home, env } = this.options;
    return workerEnv(own ?? toolEnv(env), { apiKey: null, baseUrl }, { home, address: this.#server?.address ?? "", namespace: NAMESPACE });
  }

  #enter(step: string): void {
    this.#step = step;
    this.options.log(step);
  }

  #record(role: RecordedChild["role"], program: string, child: ChildProcess): void {
    const identity = child.pid === undefined ? null : readProcessIdentity(child.pid);
    this.#children = this.#children.filter((other) => other.role !== role || (role === "tools" && other.program !== program));
    if (identity !== null) this.#children.push({ ...identity, role, program });
    this.writeState();
  }
}
