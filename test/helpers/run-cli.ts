import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/rlm.js", import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly done: Promise<CliResult>;
  /** Resolves when stderr or stdout holds this text. */
  seen(text: string): Promise<void>;
}

export interface CliOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
  /** A program that is given the command to run, with its arguments. */
  readonly under?: readonly string[];
}

/** For use in a test: starts the real `rlm` with only the environment given (and PATH and HOME), so that a developer's keys and servers stay out. */
export function startCli(args: readonly string[], options: CliOptions): RunningCli {
  if (!existsSync(fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url)))) throw new Error("dist/ is missing: run `npm run build` first.");
  // Sandboxes that a worker starts ahead would cost more processor time than they save a test.
  const env = { PATH: process.env["PATH"] ?? "", HOME: options.env["RLM_HOME"] ?? "/nonexistent", RLM_POOL_SIZE: "0", ...options.env };
  const [program = process.execPath, ...rest] = [...(options.under ?? []), process.execPath, BIN, ...args];
  const child = spawn(program, rest, { env, stdio: "pipe", ...(options.cwd !== undefined && { cwd: options.cwd }) });
  // A command that a failed test left waiting would bring its stack back after the clean-up.
  onTestFinished(() => void child.kill("SIGKILL"));
  const texts = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
      for (const look of waiting) look();
    });
  }
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const done = once(child, "close").then(([code]) => ({ code: code as number | null, ...texts }));
  return {
    child,
    done,
    seen: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!texts.stdout.includes(text) && !texts.stderr.includes(text)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        void done.then(({ code, stderr }) => reject(new Error(`rlm ended (${code}) before it said "${text}". It said: ${stderr}`)));
      }),
  };
}

export async function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(args, options).done;
}
