import { mkdir, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";

/** `<home>/sessions/<host>-<pid>`: the inputs of this process's sandboxes are hard-linked below it. Those of dead processes are removed. */
export async function claimSessionDirectory(home: string): Promise<string> {
  const root = path.join(home, "sessions");
  await mkdir(root, { recursive: true, mode: 0o700 });
  const host = hostname();
  for (const name of await readdir(root)) {
    const pid = Number(name.slice(name.lastIndexOf("-") + 1));
    if (name.startsWith(`${host}-`) && !isAlive(pid)) await rm(path.join(root, name), { recursive: true, force: true });
  }
  const own = path.join(root, `${host}-${process.pid}`);
  await rm(own, { recursive: true, force: true });
  await mkdir(own, { mode: 0o700 });
  return own;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
