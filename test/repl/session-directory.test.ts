import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { removeAbandonedDirectories } from "../../src/repl/session-directory.js";
import { tempDir } from "../helpers/temp-dir.js";

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** A process that waits for ever, with this argument; `wall` is what starts it. */
async function waiting(argument: string, wall: readonly string[] = []): Promise<ChildProcess> {
  const [file, ...args] = [...wall, process.execPath, "-e", "console.log('ready'); setInterval(() => {}, 2 ** 30)", argument];
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  started.push(child);
  await once(child.stdout, "data");
  return child;
}

/** As a sandbox is started. */
const settingsOf = (directory: string): string => JSON.stringify({ buildId: "x", inputsDirectory: join(directory, "inputs"), memoryLimitBytes: 1 });

const isAlive = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

function pidOfTheDead(): number {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  return pid;
}

it("kills sandboxes of a host that was killed, also one that bubblewrap put in a namespace, and removes their directories", async () => {
  const workDir = await tempDir();
  const directory = join(workDir, `session-${pidOfTheDead()}-abcdef`);
  mkdirSync(join(directory, "inputs"), { recursive: true });
  const plain = await waiting(settingsOf(directory));
  const walled = await waiting(settingsOf(directory), ["/usr/bin/bwrap", "--unshare-all", "--as-pid-1", "--ro-bind", "/", "/", "--proc", "/proc", "--"]);
  const gone = Promise.all([once(plain, "exit"), once(walled, "exit")]);
  removeAbandonedDirectories(workDir);
  expect(await gone).toEqual([[null, "SIGKILL"], [null, "SIGKILL"]]);
  expect(existsSync(directory)).toBe(false);
});

it("finds a sandbox whose directory is gone already", async () => {
  const workDir = await tempDir();
  const left = await waiting(settingsOf(join(workDir, `session-${pidOfTheDead()}-abcdef`)));
  const gone = once(left, "exit");
  removeAbandonedDirectories(workDir);
  expect(await gone).toEqual([null, "SIGKILL"]);
});

it("spares sandboxes of a living host and of another directory, and processes that only name a session's directory", async () => {
  const workDir = await tempDir();
  const dead = `session-${pidOfTheDead()}-abcdef`;
  const living = join(workDir, `session-${process.pid}-abcdef`);
  mkdirSync(living);
  const spared = await Promise.all([
    waiting(settingsOf(living)),
    waiting(settingsOf(join(`${workDir}-other`, dead))),
    waiting(join(workDir, dead, "inputs", "a.txt")),
  ]);
  const abandoned = await waiting(settingsOf(join(workDir, dead)));
  const gone = once(abandoned, "exit");
  removeAbandonedDirectories(workDir);
  await gone;
  expect(spared.map(isAlive)).toEqual([true, true, true]);
  expect(existsSync(living)).toBe(true);
});
