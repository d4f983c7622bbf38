import { stackStatus, type StackStatus } from "../../stack/stack-status.js";
import { compose } from "../../api/compose/compose.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";

/** `rlm status`: the embedded stack as it is. Starts nothing. */
export async function status({ json }: { readonly json: boolean }): Promise<ExitCode> {
  const { home } = await compose();
  const report = await stackStatus(home);
  if (json) printJson(report);
  else printLine(render(report));
  return EXIT.answered;
}

function render({ running, phase, step, home, address, ui, dashboard, pids, openRuns, versions, restarts }: StackStatus): string {
  const text = (value: string | number | null): string => (value === null ? "–" : String(value));
  const lines = [
    `state      ${phase}${phase === "ready" ? "" : `: ${step}`}`,
    `home       ${home}`,
    ...(running ? [
      `server     ${text(address)} (pid ${text(pids.server)}, restarted ${restarts.server} times)${ui === null ? "" : `, UI ${ui}`}`,
      `worker     pid ${text(pids.worker)}, restarted ${restarts.worker} times`,
      `stack      pid ${text(pids.stack)}`,
      ...(dashboard === null ? [] : [`dashboard  ${dashboard}`]),
      `open runs  ${text(openRuns)}`,
    ] : []),
    `versions   rlm ${versions.package}, Pyodide ${versions.pyodide}, Temporal server ${text(versions.temporalServer)}`,
  ];
  return lines.join("\n");
}
