import type { ChildProcess } from "node:child_process";

const living = new Set<ChildProcess>();
let installed = false;

/** Makes sure that the child does not outlive this process when it exits by itself. (When this process is killed, the child notices: see child/deadline.ts.) */
export function killWithHost(child: ChildProcess): void {
  if (!installed) {
    installed = true;
    process.once("exit", () => {
      for (const each of living) each.kill("SIGKILL");
    });
  }
  living.add(child);
  child.once("close", () => living.delete(child));
}
