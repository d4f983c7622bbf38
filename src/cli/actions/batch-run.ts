import { createHash } from "node:crypto";
import path from "node:path";
import { requireModels, requirePrices } from "../../api/compose/check-models.js";
import { compose, type Composed } from "../../api/compose/compose.js";
import { requireWorkingModels } from "../../api/compose/require-working-models.js";
import { sandboxQueues } from "../../api/compose/sandbox-queues.js";
import { readRows } from "../../client/batch/read-rows.js";
import { parseInputArgument } from "../../client/inputs/input-source.js";
import { prepareInputs } from "../../client/inputs/prepare-inputs.js";
import type { BatchLimits } from "../../core/batch-wire.js";
import type { RunSpec } from "../../core/run-spec.js";
import { defaultLimitsOf, STRATEGIES, type Strategy } from "../../core/strategy.js";
import { packageNames, readPackageSet } from "../../repl/packages/package-set.js";
import { formatSignature } from "../../signature/format-signature.js";
import { locateSource } from "../../sources/locate-source.js";
import { openSource } from "../../sources/open-source.js";
import { SourceError } from "../../sources/source-error.js";
import { Redaction } from "../../sources/redaction.js";
import { followToFiles, openResults } from "../batch-follow.js";
import { CliError } from "../cli-error.js";
import { durableSinks } from "../../sinks/durable-sinks.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { hostNamedTools, toolsWarning } from "../host-named-tools.js";
import { printJson, printLine } from "../output/print.js";
import { ProgressDisplay } from "../output/progress-display.js";
import { readExtras, specExtras, withToolsFile, type Extras } from "../read-extras.js";
import { readTask, type TaskFlags } from "../read-program.js";
import { requireCount } from "../require-count.js";
import { resolveLimitFlags, type LimitFlags } from "../run-limits-flags.js";

export interface BatchFlags extends TaskFlags, LimitFlags {
  readonly input: readonly string[];
  readonly out: string;
  readonly id?: string;
  readonly job?: string;
  /** Read by `compose`. */
  readonly redact: readonly string[];
  readonly model?: string;
  readonly subModel?: string;
  readonly strategy: string;
  readonly setup?: string;
  readonly tools?: string;
  /** Read by `compose`. */
  readonly packages?: string;
  readonly sink: readonly string[];
  readonly concurrency: string;
  readonly maxFailures?: string;
  readonly totalLlmCalls?: string;
  readonly rowBudgetUsd?: string;
  readonly detach: boolean;
  readonly json: boolean;
}

/** `rlm batch run`: everything that can be wrong is found before anything is started. */
export async function batchRun(rowsFile: string, flags: BatchFlags): Promise<ExitCode> {
  using display = new ProgressDisplay(process.stderr, flags.json);
  const composed = await compose({ flags, onStep: (line) => display.step(line) });
  try {
    const { client } = composed;
    const sinks = durableSinks(flags.sink);
    const redaction = Redaction.of(composed.config.redact);
    const extras = await readExtras(flags);
    const { spec, limits } = await prepareTemplate(flags, extras, composed, redaction, (line) => display.line(line));
    const signatureText = formatSignature(spec.signature);
    const chunks = rowsFile === "-" ? (process.stdin as AsyncIterable<Uint8Array>) : await readRowsFile(rowsFile);
    const shared = new Set(spec.inputs.map(({ name }) => name));
    const rows = await readRows({ store: client.store, signature: spec.signature, shared, chunks, redaction, from: rowsFile === "-" ? "stdin" : rowsFile });
    if (redaction.found > 0) display.line(`${redaction.found} places of the inputs were redacted.`);
    await using results = await openResults(composed, flags.out);
    if (await composed.isEmbedded()) await requireWorkingModels(composed, spec.models);
    await using tools = await hostNamedTools(composed, extras, (line) => display.line(line));
    const { startBatch } = await import("../../client/batch/start-batch.js");
    const { batchId, how } = await startBatch(client, {
      batchId: flags.id ?? defaultId(signatureText, flags.out), spec, signatureText, rows, limits, sinks,
      queues: withToolsFile(sandboxQueues(composed.env), extras), ...(flags.job !== undefined && { job: flags.job }),
    });
    display.line(`${batchId}: ${HOW[how]} (${rows.length} rows)`);
    if (flags.detach && tools.endsWithCommand) display.line(toolsWarning("this batch", flags.tools ?? ""));
    if (flags.detach) {
      if (flags.json) printJson({ batchId, how });
      else printLine(batchId);
      return EXIT.answered;
    }
    return await followToFiles(composed, batchId, results.writer, display, flags.json);
  } finally {
    await composed.close();
  }
}

async function readRowsFile(rowsFile: string): Promise<AsyncIterable<Uint8Array>> {
  const located = await locateSource(rowsFile).catch((error: unknown) => {
    throw error instanceof SourceError ? new CliError("invalid_rows", EXIT.usage, `The rows cannot be read: ${error.message}`, null, { cause: error }) : error;
  });
  if (located.kind === "files") throw new CliError("invalid_rows", EXIT.usage, `${rowsFile} is ${located.files.length} files.`, "Name one file of rows.");
  return (await openSource(located, false)).chunks;
}

const HOW = { started: "started", resumed: "going on with what is missing", attached: "under way already; following it", finished: "every row is through" } as const;

/** What all rows share. */
async function prepareTemplate(flags: BatchFlags, extras: Extras, { config, client }: Composed, redaction: Redaction, warn: (line: string) => void): Promise<{ spec: RunSpec; limits: BatchLimits }> {
  const { signature } = await readTask(flags);
  const { budgetUsd: total, rowBudgetUsd: budgetUsd, ...others } = flags;
  const strategy = readStrategy(flags.strategy);
  const rowLimits = resolveLimitFlags({ ...others, ...(budgetUsd !== undefined && { budgetUsd }) }, { ...config.limits, ...defaultLimitsOf(strategy) });
  const models = requireModels(config);
  const money = total === undefined ? null : (resolveLimitFlags({ budgetUsd: total }, {}).budgetUsd ?? null);
  if (money !== null || rowLimits.budgetUsd !== null) requirePrices(models);
  const given = flags.input.map(parseInputArgument);
  const sharedFields = signature.inputs.filter(({ name }) => given.some((each) => each.name === name));
  const known = new Set(signature.inputs.map(({ name }) => name));
  const unknown = given.find(({ name }) => !known.has(name));
  if (unknown !== undefined) throw new CliError("invalid_input", EXIT.usage, `\`${unknown.name}\` is no input of the signature.`, `Inputs: ${[...known].join(", ")}.`);
  const { inputs, warnings } = await prepareInputs({ store: client.store, signature: { ...signature, inputs: sharedFields }, given, redaction, stdin: process.stdin });
  for (const warning of warnings) warn(warning);
  const packages = packageNames(readPackageSet(config.packages ?? undefined));
  const spec: RunSpec = {
    v: 1, signature, inputs, models, ...(packages.length > 0 && { packages }), limits: rowLimits, ...(strategy !== "rlm" && { strategy }), ...specExtras(extras, signature),
  };
  const count = (option: string, text: string | undefined): number | null => (text === undefined ? null : requireCount(option, text));
  return {
    spec,
    limits: {
      concurrency: requireCount("--concurrency", flags.concurrency),
      maxFailures: count("--max-failures", flags.maxFailures),
      totalLlmCalls: count("--total-llm-calls", flags.totalLlmCalls),
      budgetUsd: money,
    },
  };
}

function readStrategy(name: string): Exclude<Strategy, "react"> {
  const found = STRATEGIES.find((each) => each === name);
  if (found !== undefined && found !== "react") return found;
  throw new CliError("invalid_options", EXIT.usage, `--strategy is ${name}; it must be rlm, predict or chainOfThought.`);
}

/** The same command has the same id, so that it finds its batch again. */
function defaultId(signatureText: string, out: string): string {
  const file = path.resolve(out);
  const name = path.basename(file).replace(/\.\w+$/, "").replaceAll(/[^\w.-]/g, "-").slice(0, 30);
  return `batch-${name}-${createHash("sha256").update(`${signatureText}\n${file}`).digest("hex").slice(0, 8)}`;
}
