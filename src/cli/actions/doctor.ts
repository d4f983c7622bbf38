import { ensureSearchAttributes } from "../../client/ensure-search-attributes.js";
import { findModelSettings } from "../../core/model-settings.js";
import { resolveDenoBinary } from "../../repl/deno-binary.js";
import { findIsolation } from "../../repl/isolation.js";
import { resolvePackagePaths } from "../../repl/package-paths.js";
import { findTemporalCli } from "../../stack/temporal-cli/find-temporal-cli.js";
import { OPENAI_URL, checkModelServer } from "../../api/compose/check-model-server.js";
import { missingKeys, noCredentials, requireModels } from "../../api/compose/check-models.js";
import { compose, type Composed } from "../../api/compose/compose.js";
import { explainError } from "../explain-error.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { ProgressDisplay } from "../output/progress-display.js";

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly hint: string | null;
}

/** `rlm doctor`: can this machine do runs? Looks at everything a run needs; starts nothing, but obtains the Temporal CLI where it is missing. */
export async function doctor({ json }: { readonly json: boolean }): Promise<ExitCode> {
  using display = new ProgressDisplay(process.stderr, json);
  const composed = await compose();
  const checks = [
    await check("node", async () => `${process.version} on ${process.platform} ${process.arch}`),
    await check("home", async () => composed.home),
    await check("project file", async () => composed.config.projectFile ?? "none"),
    await check("store", async () => {
      await composed.client.store.put(Buffer.from("rlm doctor"));
      return composed.config.storeDirectory ?? `${composed.home}/store`;
    }),
    await check("sandbox", checkSandbox),
    await check("temporal", () => checkTemporal(composed, (line) => display.step(line))),
    await check("model server", () => checkModels(composed)),
  ];
  display[Symbol.dispose]();
  await composed.close();
  const allOk = checks.every(({ ok }) => ok);
  if (json) printJson({ ok: allOk, checks });
  else printLine(checks.map(({ name, ok, detail, hint }) => `${ok ? "ok  " : "FAIL"}  ${name.padEnd(13)} ${detail}${hint === null ? "" : `\n                    ${hint}`}`).join("\n"));
  return allOk ? EXIT.answered : EXIT.failed;
}

async function check(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await look(), hint: null };
  } catch (error) {
    const { message, hint } = explainError(error);
    return { name, ok: false, detail: message, hint };
  }
}

async function checkSandbox(): Promise<string> {
  const { pyodideDirectory } = resolvePackagePaths();
  const denoBinary = resolveDenoBinary();
  const isolation = await findIsolation("auto", denoBinary);
  return `isolation: ${isolation.explanation}; ${denoBinary}, ${pyodideDirectory}`;
}

async function checkTemporal(composed: Composed, onStep: (line: string) => void): Promise<string> {
  if (!(await composed.isEmbedded())) {
    const { temporal } = await composed.server();
    const attributes = await ensureSearchAttributes(temporal.connection, temporal.options.namespace);
    const listing = attributes.how === "refused" ? `. ${attributes.message}` : `; search attributes ${attributes.how}`;
    return `configured server answers, namespace "${temporal.options.namespace}"${listing}`;
  }
  const { path, version, source } = await findTemporalCli({ home: composed.home, env: composed.env, onProgress: onStep });
  return `embedded, CLI ${version} at ${path} (${source})`;
}

async function checkModels({ config, env }: Composed): Promise<string> {
  const models = requireModels(config);
  const [missing] = missingKeys(config, models, env);
  if (missing !== undefined) throw noCredentials(missing);
  await checkModelServer(config, models, env);
  const hosts = [models.root, models.sub].map((name) => new URL(findModelSettings(models.settings, name).baseURL ?? config.openai.baseUrl ?? OPENAI_URL).host);
  return `${[...new Set(hosts)].join(" and ")} ${new Set(hosts).size === 1 ? "answers" : "answer"}, models ${models.root}, ${models.sub}`;
}
