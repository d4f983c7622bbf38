import { readFile } from "node:fs/promises";

/**
 * Memory in bytes that is a process's own and its descendants' (bubblewrap stands between us and Deno), shared pages and pages of program files left out: what
 * ending it would free. `null` where the system does not tell (not Linux), or it is gone. Takes the kernel some milliseconds a gigabyte, on no thread of ours.
 */
export async function privateBytesOf(pid: number): Promise<number | null> {
  const own = await privateBytesOfOne(pid);
  if (own === null) return null;
  const children = (await readProc(`${pid}/task/${pid}/children`))?.split(" ").filter((each) => each !== "") ?? [];
  const below = await Promise.all(children.map((child) => privateBytesOf(Number(child))));
  return below.reduce((sum: number, bytes) => sum + (bytes ?? 0), own);
}

async function privateBytesOfOne(pid: number): Promise<number | null> {
  const rollup = await readProc(`${pid}/smaps_rollup`);
  if (rollup === null) return null;
  let kilobytes = 0;
  for (const [, amount] of rollup.matchAll(/^(?:Private_Dirty|Swap):\s+(\d+) kB$/gm)) kilobytes += Number(amount);
  return kilobytes * 1024;
}

async function readProc(file: string): Promise<string | null> {
  return readFile(`/proc/${file}`, "utf8").catch(() => null);
}
