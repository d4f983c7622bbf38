import { chmodSync, mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/**
 * The directory that holds the embedded stack, its database and the local blob store: `RLM_HOME`, else
 * `durable-rlm` in the XDG data directory. Created with mode 0700 when missing.
 */
export function resolveHome(env: NodeJS.ProcessEnv): string {
  const home = env["RLM_HOME"] ? path.resolve(env["RLM_HOME"]) : path.join(dataDirectory(env), "durable-rlm");
  mkdirSync(path.dirname(home), { recursive: true });
  try {
    mkdirSync(home, { mode: 0o700 });
    chmodSync(home, 0o700); // a wide umask only narrows; be exact whatever it is
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return home;
}

/** XDG base directory rule: a relative `XDG_DATA_HOME` is ignored. */
function dataDirectory(env: NodeJS.ProcessEnv): string {
  const configured = env["XDG_DATA_HOME"];
  if (configured !== undefined && path.isAbsolute(configured)) return configured;
  return path.join(env["HOME"] || os.homedir(), ".local", "share");
}

/** Where things lie in a home. One place, so that the daemon, its clients and its clean-up agree. */
export function homePaths(home: string) {
  return {
    binDir: path.join(home, "bin"),
    database: path.join(home, "temporal.db"),
    daemonLockDir: path.join(home, "locks", "daemon"),
    startLockDir: path.join(home, "locks", "start"),
    cliLockDir: path.join(home, "locks", "temporal-cli"),
    logDir: path.join(home, "logs"),
    stackLog: path.join(home, "logs", "stack.log"),
    serverLog: path.join(home, "logs", "server.log"),
    workerLog: path.join(home, "logs", "worker.log"),
    toolsLog: path.join(home, "logs", "tools.log"),
    dashboardLog: path.join(home, "logs", "dashboard.log"),
    dashboard: path.join(home, "dashboard.json"),
    hostedTools: path.join(home, "hosted-tools.json"),
    ports: path.join(home, "ports.json"),
    state: path.join(home, "stack.json"),
    socket: path.join(home, "stack.sock"),
  } as const;
}
