import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { ensureStack, type EnsuredStack, type EnsureStackOptions } from "../../src/stack/ensure-stack.js";
import { compiledProgram } from "../../src/stack/package-files.js";
import { isProcessAlive, readProcessIdentity } from "../../src/stack/process/process-identity.js";
import { stackStatus } from "../../src/stack/stack-status.js";
import { stopStack } from "../../src/stack/stop-stack.js";
import { testTemporalCli } from "../helpers/temporal-cli.js";
import { tempHome } from "./temp-home.js";

export interface StackForTest {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  ensure(overrides?: Partial<EnsureStackOptions>): Promise<EnsuredStack>;
  /** What each start of the worker stand-in was given, oldest first. */
  workersSeen(): { pid: number; address: string; namespace: string; apiKey: string | null; baseUrl: string | null }[];
}

/** Command of the stand-in; `crash` makes it fail at once. */
export function workerStandIn(...args: readonly string[]): string[] {
  return [process.execPath, fileURLToPath(new URL("fixtures/worker-stand-in.mjs", import.meta.url)), ...args];
}

/** A home of its own with a real Temporal server and a stand-in for the worker; all of it stopped and removed when the test ends. */
export async function stackForTest(workerArgs: readonly string[] = []): Promise<StackForTest> {
  requireFreshBuild();
  const home = tempHome();
  onTestFinished(async () => { await stopStack(home); });
  const env = { PATH: process.env["PATH"] ?? "", RLM_POOL_SIZE: "0", RLM_TEMPORAL_CLI: await testTemporalCli() };
  return {
    home, env,
    ensure: (overrides) => ensureStack({ home, env, workerCommand: workerStandIn(...workerArgs), ...overrides }),
    workersSeen: () => readFileSync(path.join(home, "worker-seen.ndjson"), "utf8").trim().split("\n").map((line) => JSON.parse(line)),
  };
}

/** The pids of a running stack, with a check that tells when all of these very processes are gone. */
export async function stackProcesses(home: string): Promise<{ stack: number; server: number; worker: number; allGone: () => boolean }> {
  const { pids: { stack, server, worker } } = await stackStatus(home);
  if (stack === null || server === null || worker === null) throw new Error("the stack is not complete");
  const identities = [stack, server, worker].map(readProcessIdentity);
  return { stack, server, worker, allGone: () => identities.every((identity) => identity === null || !isProcessAlive(identity)) };
}

/** The stack runs as a compiled program: an old one would be tested without notice. */
function requireFreshBuild(): void {
  const sources = path.join(compiledProgram(".."), "src", "stack");
  const newest = Math.max(...readdirSync(sources, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts")).map((name) => statSync(path.join(sources, name)).mtimeMs));
  // The one file that each build writes anew.
  const built = statSync(compiledProgram("workflow-bundle.js"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built < newest) throw new Error(`dist/ is older than src/stack. Run "npm run build" first.`);
}
