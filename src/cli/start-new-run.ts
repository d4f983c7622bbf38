import { requireModels, requirePrices } from "../api/compose/check-models.js";
import type { Composed } from "../api/compose/compose.js";
import { requireWorkingModels } from "../api/compose/require-working-models.js";
import { sandboxQueues } from "../api/compose/sandbox-queues.js";
import { prepareInputs } from "../client/inputs/prepare-inputs.js";
import { startRun } from "../client/start-run.js";
import { readLimitSettings } from "../config/limit-settings.js";
import { resolveRunOptions, RunOptionsError } from "../core/resolve-run-limits.js";
import type { RunSpec } from "../core/run-spec.js";
import type { StartNewRun } from "../dashboard/source/new-run.js";
import { packageNames, readPackageSet } from "../repl/packages/package-set.js";
import { formatSignature } from "../signature/format-signature.js";
import { parseSignature } from "../signature/parse-signature.js";
import { Redaction } from "../sources/redaction.js";

/** Starts what the dashboard's form asks for, with the settings of the command that serves it. */
export function startNewRun(composed: Composed): StartNewRun {
  const { client, config, env } = composed;
  return async ({ signature: text, instructions, inputs: given, model, subModel, id, limits: texts }) => {
    const parsed = parseSignature(text);
    const signature = instructions === undefined || instructions.trim() === "" ? parsed : { ...parsed, instructions };
    const { options, faults } = readLimitSettings({ ...config.limits, ...withoutEmpty(texts) });
    if (faults.length > 0) throw new RunOptionsError(faults.map(({ setting, problem }) => `${setting}: ${problem}`));
    const limits = resolveRunOptions(options);
    const root = model || config.models.root;
    const models = requireModels({ ...config, models: { ...config.models, root, sub: subModel || (model ? model : config.models.sub) } });
    if (limits.budgetUsd !== null) requirePrices(models);
    const { inputs, warnings } = await prepareInputs({
      store: client.store, signature, redaction: Redaction.of(config.redact),
      given: given.map(({ name, text: value, json }) => ({ name, source: json ? { from: "json", text: value } : { from: "value", text: value } })),
    });
    if (await composed.isEmbedded()) await requireWorkingModels(composed, models);
    const packages = packageNames(readPackageSet(config.packages ?? undefined));
    const spec: RunSpec = { v: 1, signature, inputs, models, ...(packages.length > 0 && { packages }), limits };
    const { workflowId } = await startRun(client, { spec, signatureText: formatSignature(signature), queues: sandboxQueues(env), ...(id && { workflowId: id }) });
    return { workflowId, warnings };
  };
}

function withoutEmpty(texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""));
}
