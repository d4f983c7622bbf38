import path from "node:path";
import { sandboxQueues } from "../../api/compose/sandbox-queues.js";
import { compose } from "../../api/compose/compose.js";
import { requester } from "../../client/requester.js";
import { clientSource } from "../../dashboard/source/client-source.js";
import { startDashboard } from "../../dashboard/start-dashboard.js";
import { dashboardLinks } from "../dashboard-links.js";
import { loadHomeTokens } from "../../dashboard/security/tokens.js";
import { exitWithParent } from "../../stack/process/parent-watch.js";
import { packageRoot, packageVersions } from "../../stack/package-files.js";
import { CliError } from "../cli-error.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printJsonLine, printLine, printNote } from "../output/print.js";
import { startNewRun } from "../start-new-run.js";

export interface DashboardFlags {
  readonly host: string;
  readonly port: string;
  readonly allowRemote: boolean;
  readonly allowHost: readonly string[];
  readonly json: boolean;
  /** Started by the embedded stack: says on stdout that it serves, prints no token, and ends with the stack. */
  readonly supervised?: boolean;
}

/** `rlm dashboard`: serves the dashboard until it is stopped. */
export async function dashboard({ host, port: portText, allowRemote, allowHost, json, supervised = false }: DashboardFlags): Promise<ExitCode> {
  const port = Number(portText);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new CliError("invalid_options", EXIT.usage, `--port is ${JSON.stringify(portText)}; it must be a whole number from 0 (any free one) to 65535.`);
  const composed = await compose({ onStep: printNote });
  const { home, config, env, client } = composed;
  const tokens = await loadHomeTokens(home);
  const source = clientSource({
    // Looks must not bring back a stack that was stopped; acts may.
    client: { ...client, onUnavailable: async () => undefined },
    directory: home,
    queues: () => sandboxQueues(env),
    askServer: async () => !(await composed.hasNoServer()),
    wake: async () => (await composed.server()).revive(),
    startRun: startNewRun(composed),
  });
  const served = await startDashboard({
    host, port, allowHosts: allowHost, unsafeAllowRemote: allowRemote, source, tokens, who: requester(undefined).by, log: printNote,
    pageDirectory: path.join(packageRoot(), "src", "dashboard", "page"),
    info: { version: packageVersions().package, models: { root: config.models.root, sub: config.models.sub } },
  });
  const links = dashboardLinks(served.url, tokens);
  if (supervised) {
    exitWithParent(() => process.exit(1));
    printJsonLine({ ready: true, url: served.url });
  } else if (json) printJson({ url: served.url, links });
  else {
    printLine(links.operator);
    printNote(`Whoever has this link can act on runs. One that can only look:\n${links.viewer}\nCtrl-C stops the dashboard; runs go on.`);
  }
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  await served.close();
  await composed.close();
  return EXIT.answered;
}
