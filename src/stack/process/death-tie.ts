import { spawnSync } from "node:child_process";

let available: boolean | undefined;

/**
 * The command that runs `command` so that the kernel kills it when this process dies, even by SIGKILL (Linux with
 * util-linux' `setpriv`; the pid is the same, as setpriv becomes the command). Elsewhere the command as it is: then
 * the next command of the home ends what was left, from the record in the state file.
 */
export function tiedToOurDeath(command: readonly string[]): readonly string[] {
  available ??= process.platform === "linux" &&
    spawnSync("setpriv", ["--pdeathsig", "KILL", "true"], { stdio: "ignore", timeout: 5_000 }).status === 0;
  return available ? ["setpriv", "--pdeathsig", "KILL", "--", ...command] : command;
}
