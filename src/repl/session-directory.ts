import { copyFileSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { killAbandonedProcesses } from "./abandoned-processes.js";
import { INTERRUPT_FILE } from "./child/protocol.js";
import type { SessionInput } from "./session.js";

const PREFIX = "session-";

/** A directory of one session's own: its inputs, named by digest, are all of the host's data that its process can read. */
export class SessionDirectory {
  readonly path: string;

  /** Under `workDir`, readable by the owner only. */
  constructor(workDir: string) {
    mkdirSync(workDir, { recursive: true, mode: 0o700 });
    this.path = mkdtempSync(join(workDir, `${PREFIX}${process.pid}-`));
    mkdirSync(this.inputs, { mode: 0o700 });
  }

  get inputs(): string {
    return join(this.path, "inputs");
  }

  /** Asks the running cell to stop; `false` takes the request back. */
  set interrupted(wanted: boolean) {
    const file = join(this.inputs, INTERRUPT_FILE);
    if (wanted) writeFileSync(file, "");
    else rmSync(file, { force: true });
  }

  inputPath(digest: string): string {
    return join(this.inputs, digest);
  }

  /** @throws {TypeError} a digest that is no digest; file system errors as they come. */
  addInput({ digest, path }: Pick<SessionInput, "digest" | "path">): void {
    if (!/^[0-9a-f]{64}$/.test(digest)) throw new TypeError(`"${digest}" is not the SHA-256 of an input. Give 64 lower-case hex digits.`);
    const target = this.inputPath(digest);
    try {
      linkSync(path, target);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (code === "EEXIST") return;
      // Another file system, a file of another owner, or a file system without hard links.
      if (!["EXDEV", "EPERM", "EMLINK", "ENOTSUP", "ENOSYS"].includes(code)) throw error;
      copyFileSync(path, target);
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Removes the directories of hosts that were killed, and kills sandboxes that did not notice: the name carries the host's pid. */
export function removeAbandonedDirectories(workDir: string): void {
  mkdirSync(workDir, { recursive: true, mode: 0o700 });
  const isAbandoned = (name: string): boolean => {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    return pid !== undefined && !isAlive(Number(pid));
  };
  // As it stands in the settings that every sandbox is started with: an editor that has one of the files open does not match.
  const mark = `"inputsDirectory":${JSON.stringify(join(workDir, PREFIX)).slice(0, -1)}`;
  killAbandonedProcesses((commandLine) => {
    const at = commandLine.indexOf(mark);
    return at !== -1 && isAbandoned(PREFIX + commandLine.slice(at + mark.length));
  });
  for (const name of readdirSync(workDir)) if (isAbandoned(name)) rmSync(join(workDir, name), { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
