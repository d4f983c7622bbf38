import { requireModels, requirePrices } from "../api/compose/check-models.js";
import type { Composed } from "../api/compose/compose.js";
import { sandboxQueues } from "../api/compose/sandbox-queues.js";
import { parseInputArgument } from "../client/inputs/input-source.js";
import { prepareInputs } from "../client/inputs/prepare-inputs.js";
import type { ScheduleRequest } from "../client/schedules/create-schedule.js";
import { parseSource } from "../client/schedules/parse-source.js";
import type { ScheduleDetail } from "../client/schedules/read-schedule.js";
import { ScheduleError } from "../client/schedules/schedule-error.js";
import { DEFAULT_TIMING } from "../client/schedules/schedule-timing.js";
import { parseDuration } from "../core/duration.js";
import { resolveRunOptions } from "../core/resolve-run-limits.js";
import type { RunSpec } from "../core/run-spec.js";
import type { Overlap, ScheduleTiming } from "../core/schedule-wire.js";
import type { TaskQueues } from "../core/wire.js";
import type { Signature } from "../core/signature.js";
import { defaultLimitsOf, type DirectStrategy } from "../core/strategy.js";
import { packageNames, readPackageSet } from "../repl/packages/package-set.js";
import { durableSinks } from "../sinks/durable-sinks.js";
import { Redaction } from "../sources/redaction.js";
import { CliError } from "./cli-error.js";
import { EXIT } from "./exit-code.js";
import { specExtras, withToolsFile, type Extras } from "./read-extras.js";
import { readTask, type TaskFlags } from "./read-program.js";
import { readLimitFlags, resolveLimitFlags, type LimitFlags } from "./run-limits-flags.js";

export interface ScheduleFlags extends TaskFlags, LimitFlags {
  readonly cron: readonly string[];
  readonly tz?: string;
  readonly overlap?: string;
  readonly jitter?: string;
  readonly catchUp?: string;
  readonly source: readonly string[];
  readonly input: readonly string[];
  readonly model?: string;
  readonly subModel?: string;
  readonly strategy?: "rlm" | DirectStrategy;
  readonly setup?: string;
  readonly tools?: string;
  /** Refused. */
  readonly packages?: string;
  readonly job?: string;
  /** Read by `compose`. */
  readonly redact: readonly string[];
  readonly sink: readonly string[];
}

/**
 * What the flags ask for; over what there is, where a schedule is changed.
 * @throws CliError, ScheduleError, SignatureError, InputError, ModelSetupError; nothing but inputs is stored then
 */
export async function scheduleRequest(scheduleId: string, flags: ScheduleFlags, extras: Extras, { config, client, env }: Composed, before: ScheduleDetail | null, warn: (line: string) => void): Promise<ScheduleRequest> {
  const signature = await readSignature(flags, before);
  const redact = before === null || flags.redact.length > 0 ? config.redact : before.plan.redact;
  const given = flags.input.map(parseInputArgument);
  const named = new Set(given.map(({ name }) => name));
  const sources = flags.source.reduce<ScheduleRequest["sources"]>(
    (all, text) => [...all, parseSource(text, signature, new Set([...named, ...all.map(({ name }) => name)]), process.cwd())],
    flags.source.length === 0 && before !== null ? before.plan.sources.filter(({ name }) => !named.has(name)) : [],
  );
  const unknown = given.find(({ name }) => !signature.inputs.some((field) => field.name === name));
  if (unknown !== undefined) throw new ScheduleError(`\`${unknown.name}\` is no input of the signature (inputs: ${signature.inputs.map(({ name }) => name).join(", ")}).`);
  const { inputs, warnings } = await prepareInputs({
    store: client.store, signature: { ...signature, inputs: signature.inputs.filter(({ name }) => named.has(name)) }, given, redaction: Redaction.of(redact), stdin: process.stdin,
  });
  for (const warning of warnings) warn(warning);
  const replaced = new Set([...named, ...sources.map(({ name }) => name)]);
  const kept = (before?.plan.spec.inputs ?? []).filter(({ name }) => !replaced.has(name) && signature.inputs.some((field) => field.name === name));
  const job = flags.job ?? before?.input.job;
  return {
    scheduleId, sources, redact, queues: toolQueues(sandboxQueues(env), extras, before), ...(job !== undefined && { job }),
    spec: { ...(await readSpec(flags, extras, config, signature, before)), inputs: [...kept, ...inputs] },
    timing: readTiming(flags, before),
    sinks: before === null || flags.sink.length > 0 ? durableSinks(flags.sink) : before.plan.sinks,
  };
}

async function readSignature(flags: ScheduleFlags, before: ScheduleDetail | null): Promise<Signature> {
  if (before === null || flags.signature !== undefined || flags.program !== undefined) return (await readTask(flags)).signature;
  const { signature } = before.plan.spec;
  return flags.instructions === undefined ? signature : { ...signature, instructions: flags.instructions };
}

/** Those of before stay where they are hosted. */
function toolQueues(queues: TaskQueues, extras: Extras, before: ScheduleDetail | null): TaskQueues {
  const tools = before?.input.queues.tools;
  return withToolsFile(tools === undefined ? queues : { ...queues, tools }, extras);
}

async function readSpec(flags: ScheduleFlags, extras: Extras, config: Composed["config"], signature: Signature, before: ScheduleDetail | null): Promise<Omit<RunSpec, "inputs">> {
  const packages = packageNames(readPackageSet(config.packages ?? undefined));
  const limits = before === null ? resolveLimitFlags(flags, { ...config.limits, ...defaultLimitsOf(flags.strategy ?? "rlm") }) : resolveRunOptions({ ...before.plan.spec.limits, ...readLimitFlags(flags) });
  const models = before === null || flags.model !== undefined || flags.subModel !== undefined ? requireModels(config) : before.plan.spec.models;
  if (limits.budgetUsd !== null) requirePrices(models);
  const old = before?.plan.spec;
  const strategy = flags.strategy === undefined ? old?.strategy : flags.strategy === "rlm" ? undefined : flags.strategy;
  const kept = { ...(old?.setup !== undefined && { setup: old.setup }), ...(old?.tools !== undefined && { tools: old.tools }) };
  return { v: 1, signature, models, ...(packages.length > 0 && { packages }), limits, ...(strategy !== undefined && { strategy }), ...kept, ...specExtras(extras, signature) };
}

function readTiming({ cron, tz, overlap, jitter, catchUp }: ScheduleFlags, before: ScheduleDetail | null): ScheduleTiming {
  const base: ScheduleTiming = before?.plan.timing ?? { ...DEFAULT_TIMING, cron: [] };
  return {
    cron: cron.length > 0 ? cron : base.cron,
    timeZone: tz ?? base.timeZone,
    // Checked where it is used.
    overlap: (overlap as Overlap | undefined) ?? base.overlap,
    jitterMs: jitter === undefined ? base.jitterMs : duration("--jitter", jitter),
    catchUpMs: catchUp === undefined ? base.catchUpMs : duration("--catch-up", catchUp),
  };
}

function duration(option: string, text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new CliError("invalid_options", EXIT.usage, `${option}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
