import { spawn, type ChildProcess } from "node:child_process";
import { tiedToOurDeath } from "../process/death-tie.js";
import { devServerArgs, type DevServerOptions } from "./dev-server-flags.js";

/** All that the server may know of our environment: it needs no keys and takes no settings from it. */
const PASSED_ENV = ["PATH", "HOME", "TMPDIR", "LANG", "TZ"];

/**
 * Starts the dev server with its output in the open file `logFd`. In a process group of its own: the Ctrl-C of a
 * terminal must reach its supervisor only, which stops it in order. It dies with this process where the system can do that.
 */
export function spawnDevServer(cli: string, options: DevServerOptions, logFd: number | "ignore"): ChildProcess {
  const env = Object.fromEntries(PASSED_ENV.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
  const [file = "", ...args] = tiedToOurDeath([cli, ...devServerArgs(options)]);
  return spawn(file, args, { env, stdio: ["ignore", logFd, logFd], detached: true });
}
