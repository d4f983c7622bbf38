import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";

/**
 * Pid of the process inside, which bubblewrap reports on descriptor 3 before that process runs anything; `null` when it ended without a report. The descriptor
 * is read to its end: bubblewrap writes in several pieces, and closing it on the first would end bubblewrap in the middle of its work.
 */
export async function readChildPid(child: ChildProcess): Promise<number | null> {
  let text = "";
  for await (const chunk of child.stdio[3] as Readable) text += String(chunk);
  const pid = /"child-pid":\s*(\d+)/.exec(text)?.[1];
  return pid === undefined ? null : Number(pid);
}
