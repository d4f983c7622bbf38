import { requireModels, requirePrices } from "../../api/compose/check-models.js";
import { compose, type Composed } from "../../api/compose/compose.js";
import { requireWorkingModels } from "../../api/compose/require-working-models.js";
import { sandboxQueues } from "../../api/compose/sandbox-queues.js";
import { parseInputArgument } from "../../client/inputs/input-source.js";
import { readInputsFile } from "../../client/inputs/inputs-file.js";
import { prepareInputs } from "../../client/inputs/prepare-inputs.js";
import { requireLabel } from "../../client/labels.js";
import { requirePromptableInputs } from "../../client/promptable-inputs.js";
import { requireWorkflowId } from "../../client/workflow-id.js";
import type { RunSpec } from "../../core/run-spec.js";
import { defaultLimitsOf, type Strategy } from "../../core/strategy.js";
import type { BlobStore } from "../../store/blob-store.js";
import { packageNames, readPackageSet } from "../../repl/packages/package-set.js";
import { formatSignature } from "../../signature/format-signature.js";
import { Redaction } from "../../sources/redaction.js";
import { EXIT, exitCodeOf, type ExitCode } from "../exit-code.js";
import { hostNamedTools, toolsWarning } from "../host-named-tools.js";
import type { HostedTools } from "../host-tools.js";
import { onInterrupt } from "../interrupt.js";
import { printJson, printLine, printNote, printResult } from "../output/print.js";
import { ProgressDisplay } from "../output/progress-display.js";
import { durableSinks } from "../../sinks/durable-sinks.js";
import { readExtras, specExtras, withToolsFile, type Extras } from "../read-extras.js";
import { readTask, type TaskFlags } from "../read-program.js";
import { resolveLimitFlags, type LimitFlags } from "../run-limits-flags.js";

export interface RunFlags extends TaskFlags, LimitFlags {
  readonly input: readonly string[];
  readonly inputs?: string;
  readonly tools?: string;
  readonly setup?: string;
  /** Read by `compose`, as `redact` is. */
  readonly packages?: string;
  readonly model?: string;
  readonly strategy: Strategy;
  readonly subModel?: string;
  readonly id?: string;
  readonly job?: string;
  /** Read by `compose`. */
  readonly redact: readonly string[];
  readonly sink: readonly string[];
  readonly detach: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly out?: string;
  readonly verbose: boolean;
  readonly cancelOnInterrupt: boolean;
}

/**
 * `rlm run`: everything that can be wrong with the request is found before anything is started or paid. What talks to Temporal and to models takes
 * half a second to load: only after that.
 */
export async function run(flags: RunFlags): Promise<ExitCode> {
  using display = new ProgressDisplay(process.stderr, flags.json);
  const composed = await compose({ flags, onStep: (line) => display.step(line) });
  try {
    if (flags.dryRun) return await (await import("./dry-run.js")).showDryRun(composed, async (store) => prepareSpec(flags, composed.config, store, await readExtras(flags)), flags);
    const extras = await readExtras(flags);
    const { spec, text, warnings } = await prepareSpec(flags, composed.config, composed.client.store, extras);
    if (await composed.isEmbedded()) await requireWorkingModels(composed, spec.models);
    for (const warning of warnings) display.line(warning);
    await using tools = await hostNamedTools(composed, extras, (line) => display.line(line));
    const { startRun } = await import("../../client/start-run.js");
    const started = await startRun(composed.client, {
      spec,
      signatureText: text,
      queues: withToolsFile(sandboxQueues(composed.env), extras),
      ...(flags.id !== undefined && { workflowId: flags.id }),
      ...(flags.job !== undefined && { job: flags.job }),
      sinks: durableSinks(flags.sink),
    });
    if (flags.detach && tools.endsWithCommand) display.line(toolsWarning("this run", flags.tools ?? ""));
    if (flags.detach) return detach(started.workflowId, flags.json);
    if (started.how === "attached") display.line(`${started.workflowId} is under way; following it`);
    return await finish(composed, display, started.workflowId, flags, tools);
  } finally {
    await composed.close();
  }
}

async function prepareSpec(flags: RunFlags, config: Composed["config"], store: BlobStore, extras: Extras): Promise<{ spec: RunSpec; text: string; warnings: readonly string[] }> {
  if (flags.id !== undefined) requireWorkflowId(flags.id);
  if (flags.job !== undefined) requireLabel("job", flags.job);
  durableSinks(flags.sink);
  const { signature } = await readTask(flags);
  const limits = resolveLimitFlags(flags, { ...config.limits, ...defaultLimitsOf(flags.strategy) });
  const given = [...(flags.inputs === undefined ? [] : await readInputsFile(flags.inputs)), ...flags.input.map(parseInputArgument)];
  const models = requireModels(config);
  if (limits.budgetUsd !== null) requirePrices(models);
  const packages = packageNames(readPackageSet(config.packages ?? undefined));
  const { inputs, warnings } = await prepareInputs({ store, signature, given, redaction: Redaction.of(config.redact), stdin: process.stdin });
  const strategy = flags.strategy === "rlm" ? {} : { strategy: flags.strategy };
  const spec: RunSpec = { v: 1, signature, inputs, models, ...(packages.length > 0 && { packages }), limits, ...strategy, ...specExtras(extras, signature) };
  requirePromptableInputs(spec);
  return { spec, text: formatSignature(signature), warnings };
}

function detach(workflowId: string, json: boolean): ExitCode {
  if (json) printJson({ workflowId, status: "running" });
  else printLine(workflowId);
  return EXIT.answered;
}

async function finish(composed: Composed, display: ProgressDisplay, workflowId: string, flags: RunFlags, { endsWithCommand }: HostedTools): Promise<ExitCode> {
  const leaving = new AbortController();
  using _interrupt = onInterrupt((times) => {
    if (times > 1) process.exit(EXIT.interrupted);
    if (!flags.cancelOnInterrupt) return leaving.abort();
    display.line("Cancelling; press Ctrl-C again to leave at once.");
    void import("../../client/cancel-run.js").then(({ cancelRun }) => cancelRun(composed.client, workflowId)).catch((error: unknown) => {
      display.line(error instanceof Error ? error.message : String(error));
      leaving.abort();
    });
  });
  const { followToEnd } = await import("../follow-to-end.js");
  const result = await followToEnd(composed.client, { workflowId, display, verbose: flags.verbose, wait: true, signal: leaving.signal });
  display[Symbol.dispose]();
  if (result === null) {
    printNote(`Detached; the run goes on.\n  rlm watch ${workflowId}    to follow it again\n  rlm cancel ${workflowId}   to stop it`);
    if (endsWithCommand) printNote(toolsWarning("this run", flags.tools ?? ""));
    return EXIT.interrupted;
  }
  await printResult(result, flags);
  return exitCodeOf(result);
}
