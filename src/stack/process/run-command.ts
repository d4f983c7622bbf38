import { execFile } from "node:child_process";

export interface CommandResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env: NodeJS.ProcessEnv;
  /** The command is killed after this many milliseconds. */
  readonly timeoutMs: number;
  readonly cwd?: string;
}

/**
 * Runs a program without a shell and collects its output. A non-zero exit is a result, not an error.
 *
 * @throws Error when it cannot be started, or does not end within `timeoutMs`.
 */
export function runCommand(file: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const { env, cwd, timeoutMs } = options;
    const child = execFile(file, args, { env, cwd, timeout: timeoutMs, killSignal: "SIGKILL", maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null || typeof error.code === "number") resolve({ exitCode: child.exitCode, stdout, stderr });
        else if (error.killed === true) reject(new Error(`${file} did not end within ${timeoutMs / 1000} s`));
        else if (error.code === "ENOENT") reject(new Error(`${file} was not found`));
        else if (typeof error.code === "string") reject(error);
        else resolve({ exitCode: child.exitCode, stdout, stderr });
      });
    child.stdin?.end();
  });
}

/** The last non-empty line of a program's output, which is where tools say why they failed; at most 300 characters. */
export function lastLine(output: string): string {
  return output.trimEnd().split("\n").at(-1)?.trim().slice(0, 300) ?? "";
}
