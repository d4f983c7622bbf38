import { readSettings, type Settings } from "../../api/compose/read-settings.js";
import { check, CheckFailedError, type Check } from "../doctor/check.js";
import { checkFiles } from "../doctor/check-files.js";
import { checkMachine } from "../doctor/check-machine.js";
import { checkModels } from "../doctor/check-models.js";
import { checkTemporal } from "../doctor/check-temporal.js";
import { explainError } from "../explain-error.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { ProgressDisplay } from "../output/progress-display.js";

/** `rlm doctor`: can this machine do runs? Looks at everything a run needs; starts nothing, but obtains the Temporal CLI where it is missing. */
export async function doctor({ json }: { readonly json: boolean }): Promise<ExitCode> {
  using display = new ProgressDisplay(process.stderr, json);
  const settings = await readSettings({}, process.env).catch((error: unknown) => error);
  const checks: Check[] = [...(await checkMachine(process.env))];
  if (isSettings(settings)) {
    checks.push(...(await checkFiles(settings)), ...(await checkTemporal(settings, (line) => display.step(line))), await check("model server", () => checkModels(settings)));
  } else checks.push(await check("settings", () => Promise.reject(unreadable(settings))));
  display[Symbol.dispose]();
  const allOk = checks.every(({ ok }) => ok);
  if (json) printJson({ ok: allOk, checks });
  else printLine(checks.map(render).join("\n"));
  return allOk ? EXIT.answered : EXIT.failed;
}

function isSettings(settings: unknown): settings is Settings {
  return typeof settings === "object" && settings !== null && "config" in settings;
}

function unreadable(error: unknown): CheckFailedError {
  const { message, hint } = explainError(error);
  return new CheckFailedError(message, `${hint === null ? "" : `${hint} `}Store, Temporal and models are looked at when this is mended.`);
}

function render({ name, ok, detail, hint }: Check): string {
  return `${ok ? "ok  " : "FAIL"}  ${name.padEnd(17)} ${detail}${hint === null ? "" : `\n${" ".repeat(24)}${hint}`}`;
}
