import { connectTemporal } from "../../client/connect-temporal.js";
import { configuredTemporal } from "../../client/configured-temporal.js";
import { ensureSearchAttributes } from "../../client/ensure-search-attributes.js";
import { findUnpolledQueues } from "../../client/unpolled-queues.js";
import { sandboxQueues } from "../../api/compose/sandbox-queues.js";
import type { Settings } from "../../api/compose/read-settings.js";
import { homePaths } from "../../stack/home.js";
import { stackStatus } from "../../stack/stack-status.js";
import { findTemporalCli } from "../../stack/temporal-cli/find-temporal-cli.js";
import { LocalBlobStore } from "../../store/local-blob-store.js";
import { check, CheckFailedError, type Check, type Finding } from "./check.js";

type Client = Awaited<ReturnType<typeof connectTemporal>>;

/** The server that runs live in, and whether workers of this version take from its queues. */
export async function checkTemporal(settings: Settings, onStep: (line: string) => void): Promise<readonly Check[]> {
  const { home, env } = settings;
  let embedded = false;
  const checks: Check[] = [];
  const add = async (name: string, look: () => Promise<string | Finding>): Promise<void> => void checks.push(await check(name, look));
  let client: Client | null = null;
  await add("temporal", async () => {
    const target = configuredTemporal(env);
    embedded = target === null;
    const at = target ?? (await runningStack(home));
    if (at === null) return "embedded; not up, the first command that needs it starts it";
    client = await connectTemporal(at);
    const { serverVersion } = await client.workflowService.getSystemInfo({});
    return `${at.address} answers (${embedded ? "embedded" : "configured"}), server ${serverVersion}, namespace "${at.namespace}"`;
  });
  if (embedded) {
    await add("temporal cli", async () => {
      const { path, version, source } = await findTemporalCli({ home, env, onProgress: onStep });
      return `${version} at ${path} (${source})`;
    });
  }
  // Assigned in a callback, which the compiler does not follow.
  const connected = client as Client | null;
  if (connected !== null) {
    await add("search attributes", () => checkSearchAttributes(connected));
    await add("workers", () => checkWorkers(connected, settings, embedded));
    await connected.connection.close();
  }
  return checks;
}

/** `null`: none is up, and none has to be. */
async function runningStack(home: string): Promise<{ readonly address: string; readonly namespace: string } | null> {
  const { phase, step, address, namespace } = await stackStatus(home);
  const { stackLog } = homePaths(home);
  if (phase === "unresponsive") throw new CheckFailedError("The embedded stack runs and does not answer.", `Stop it with "rlm down"; runs go on with the next start. Log: ${stackLog}`);
  if (phase === "stopped" && step !== "Not running") throw new CheckFailedError(`The embedded stack could not start last time: ${step}`, `Mend that, then "rlm up". Log: ${stackLog}`);
  return phase === "ready" && address !== null ? { address, namespace } : null;
}

async function checkSearchAttributes({ connection, options }: Client): Promise<string | Finding> {
  const outcome = await ensureSearchAttributes(connection, options.namespace);
  if (outcome.how !== "refused") return outcome.how;
  return { detail: "not as they should be: lists are filtered by us, and Temporal's own UI does not show them", hint: outcome.message };
}

async function checkWorkers(client: Client, { env, storeDirectory }: Settings, embedded: boolean): Promise<string> {
  const queues = sandboxQueues(env);
  const store = await LocalBlobStore.open(storeDirectory);
  const unpolled = await findUnpolledQueues({ store, temporal: async () => client }, queues);
  if (unpolled.length === 0) return `take from ${queues.workflow}, ${queues.llm}, ${queues.repl}`;
  const cure = embedded ? `The stack may be of another version: "rlm down", then "rlm up". It says why in its logs ("rlm status").` : `Start one with "rlm worker", of this version and with these packages, where this server can be reached.`;
  throw new CheckFailedError(`No worker takes from ${unpolled.join(", ")}; new runs would wait (blocked).`, cure);
}
