import { loadHomeTokens } from "../../dashboard/security/tokens.js";
import { controlClient } from "../../stack/control/control-client.js";
import { ensureStack } from "../../stack/ensure-stack.js";
import { StackError } from "../../stack/errors.js";
import { homePaths } from "../../stack/home.js";
import { runStack } from "../../stack/run-stack.js";
import { stackStatus } from "../../stack/stack-status.js";
import { readStackState } from "../../stack/state-file.js";
import { toolEnv } from "../../stack/tools/tool-env.js";
import { compose, type Composed } from "../../api/compose/compose.js";
import { dashboardLinks } from "../dashboard-links.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine, printNote } from "../output/print.js";
import { ProgressDisplay } from "../output/progress-display.js";

export interface UpFlags {
  readonly packages?: string;
  readonly foreground: boolean;
  readonly ui: boolean;
  readonly dashboard: boolean;
  readonly json: boolean;
}

/** `rlm up`: the embedded stack in the background, or with `--foreground` in this process until it is stopped. */
export async function up({ packages, foreground, ui, dashboard, json }: UpFlags): Promise<ExitCode> {
  const composed = await compose({ flags: { ...(packages !== undefined && { packages }) } });
  const { home, env } = composed;
  if (foreground) {
    const onReady = async (): Promise<void> => (dashboard ? printNote(linkOf(await serveDashboard(composed))) : undefined);
    await runStack({ home, env, ui, log: printNote, onReady });
    return EXIT.answered;
  }
  using display = new ProgressDisplay(process.stderr, json);
  const { started, release } = await ensureStack({ home, env, ui, onProgress: (line) => display.step(line) });
  const served = dashboard ? await serveDashboard(composed) : null;
  await release();
  const status = await stackStatus(home);
  display[Symbol.dispose]();
  if (json) printJson({ ...status, ...(served !== null && { links: served }) });
  else {
    printLine(`${started ? "started" : "up already"}: ${status.address ?? ""}${status.ui === null ? "" : `, UI at ${status.ui}`}`);
    if (served !== null) printLine(linkOf(served));
  }
  return EXIT.answered;
}

type Links = ReturnType<typeof dashboardLinks>;

function linkOf({ operator }: Links): string {
  return `dashboard: ${operator}`;
}

/** @throws StackError `dashboard_failed` */
async function serveDashboard({ home, env }: Composed): Promise<Links> {
  const tokens = await loadHomeTokens(home);
  const socket = readStackState(home)?.socket ?? "";
  const { url } = await controlClient(socket).serveDashboard({ cwd: process.cwd(), env: toolEnv(env) }).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StackError("dashboard_failed", `The stack is up, but not the dashboard: ${why}`, `Its log: ${homePaths(home).dashboardLog}. Or serve it by itself: "rlm dashboard".`, { cause });
  });
  return dashboardLinks(url, tokens);
}
