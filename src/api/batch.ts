import { readRows } from "../client/batch/read-rows.js";
import { startBatch } from "../client/batch/start-batch.js";
import { prepareInputs } from "../client/inputs/prepare-inputs.js";
import type { RunSpec } from "../core/run-spec.js";
import { durableSinks } from "../sinks/durable-sinks.js";
import { formatSignature } from "../signature/format-signature.js";
import { Redaction } from "../sources/redaction.js";
import { BatchHandle } from "./batch-handle.js";
import { batchLimits, type BatchOptions, type BatchRows, rowLines } from "./batch-options.js";
import { requireWorkingModels } from "./compose/require-working-models.js";
import { toGivenInputs } from "./given-inputs.js";
import { warn, type Program } from "./program.js";
import { resolveProgramOptions } from "./program-options.js";
import { sharedClient } from "./rlm-client.js";
import { runExtras, withToolQueue } from "./run-extras.js";

/**
 * Runs a program on every row, a durable run each. The same call again, with the same `id`, goes on where the batch was: rows that are through are not run
 * again. Rows may be added at the end.
 * @throws BatchError rows that cannot be used, told with their numbers; other rows than before under this id
 * @throws InputError, RunOptionsError, ModelSetupError, InvalidWorkflowIdError; nothing was started then
 */
export async function batch<Inputs extends object, Outputs extends object>(program: Program<Inputs, Outputs>, rows: BatchRows<Inputs>, options: BatchOptions<Inputs>): Promise<BatchHandle<Outputs>> {
  const client = options.client ?? program.options.client ?? (await sharedClient());
  const { config } = client.composed;
  const { store } = client.runs;
  const sinks = durableSinks(options.sinks ?? []);
  const redaction = Redaction.of([...config.redact, ...(options.redact ?? [])]);
  const { spec: signature, schemas } = program.signature;
  const { models, limits } = resolveProgramOptions(program.options, config, program.strategy);
  const total = batchLimits(options, models);
  // Values of the rows' own fields are checked as rows.
  const shared = new Set(Object.keys(options.shared ?? {}));
  const sharedSignature = { ...program.signature, schemas: { ...schemas, inputs: Object.fromEntries(Object.entries(schemas.inputs).filter(([name]) => shared.has(name))) } };
  const { inputs, warnings } = await prepareInputs({
    store, redaction, signature: { ...signature, inputs: signature.inputs.filter(({ name }) => shared.has(name)) }, given: await toGivenInputs(sharedSignature, options.shared ?? {}),
  });
  for (const warning of warnings) (options.onWarning ?? warn)(warning);
  const spec: RunSpec = { v: 1, signature, inputs, models, ...client.packages, limits, ...(program.strategy !== "rlm" && { strategy: program.strategy }), ...runExtras(program.options, signature) };
  const signatureText = formatSignature(signature);
  const read = await readRows({ store, signature, shared, redaction, chunks: rowLines(rows), from: "rows" });
  if (await client.composed.isEmbedded()) await requireWorkingModels(client.composed, models);
  const { how } = await startBatch(client.runs, {
    batchId: options.id, spec, signatureText, rows: read, limits: total, sinks, queues: withToolQueue(client.queues, program.options), ...(options.job !== undefined && { job: options.job }),
  });
  return new BatchHandle(options.id, how, client, schemas.outputs);
}
