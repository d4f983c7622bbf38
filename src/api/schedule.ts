import { prepareInputs } from "../client/inputs/prepare-inputs.js";
import { updateSchedule } from "../client/schedules/change-schedule.js";
import { createSchedule, type ScheduleRequest } from "../client/schedules/create-schedule.js";
import { parseSource } from "../client/schedules/parse-source.js";
import { readSchedule } from "../client/schedules/read-schedule.js";
import { ScheduleNotFoundError } from "../client/schedules/schedule-error.js";
import { DEFAULT_TIMING } from "../client/schedules/schedule-timing.js";
import { parseDuration } from "../core/duration.js";
import type { Overlap } from "../core/schedule-wire.js";
import { durableSinks } from "../sinks/durable-sinks.js";
import { Redaction } from "../sources/redaction.js";
import type { CommonStartOptions } from "./common-start-options.js";
import { requireWorkingModels } from "./compose/require-working-models.js";
import { toGivenInputs, type GivenInputs } from "./given-inputs.js";
import { warn, type Program } from "./program.js";
import { resolveProgramOptions } from "./program-options.js";
import { sharedClient, type RlmClient } from "./rlm-client.js";
import { runExtras, withToolQueue } from "./run-extras.js";
import { ScheduleHandle } from "./schedule-handle.js";

export interface ScheduleOptions<Inputs> extends CommonStartOptions {
  /** Names the schedule; at most 60 bytes. The same one again changes it. */
  readonly id: string;
  /** Cron lines of five fields, or `@daily` and the like. */
  readonly cron: string | readonly string[];
  /** IANA name: the clock of the cron lines and of the windows. @default "UTC" */
  readonly timeZone?: string;
  /** Inputs that every window reads anew: a file, directory, pattern or http(s) address with parts of the window, `logs/{yyyy}-{MM}-{dd}/*.gz`; read by the worker. */
  readonly sources?: { readonly [Name in keyof Inputs]?: string };
  /** Inputs that all windows share. */
  readonly shared?: Partial<GivenInputs<Inputs>>;
  /** When the window before is still under way. @default "skip" */
  readonly overlap?: Overlap;
  /** Each start is up to so much later, by chance, as in "5m". @default none */
  readonly jitter?: string;
  /** Starts that were missed are made up for so long. @default "1d" */
  readonly catchUp?: string;
}

/**
 * Runs a program at set times, each time on the files of that time: every window is a durable run. A schedule that has this id is changed to what is said here.
 * @throws ScheduleError, SourceError, RangeError (a duration), InputError, RunOptionsError, ModelSetupError, InvalidWorkflowIdError; nothing is changed then
 */
export async function schedule<Inputs extends object, Outputs extends object>(program: Program<Inputs, Outputs>, options: ScheduleOptions<Inputs>): Promise<ScheduleHandle> {
  const client = options.client ?? program.options.client ?? (await sharedClient());
  const request = await requestOf(program, options, client);
  if (await client.composed.isEmbedded()) await requireWorkingModels(client.composed, request.spec.models);
  if (await exists(client, options.id)) await updateSchedule(client.runs, request);
  else await createSchedule(client.runs, request);
  return new ScheduleHandle(options.id, client);
}

async function requestOf<Inputs extends object, Outputs extends object>(program: Program<Inputs, Outputs>, options: ScheduleOptions<Inputs>, client: RlmClient): Promise<ScheduleRequest> {
  const { id, cron, timeZone, overlap, jitter, catchUp, job, shared = {}, onWarning = warn } = options;
  const { config } = client.composed;
  const redact = [...config.redact, ...(options.redact ?? [])];
  const { spec: signature, schemas } = program.signature;
  const { models, limits } = resolveProgramOptions(program.options, config, program.strategy);
  const given = new Set(Object.keys(shared));
  const sources = Object.entries<string | undefined>(options.sources ?? {}).flatMap(([name, address]) => (address === undefined ? [] : [parseSource(`${name}=${address}`, signature, given, process.cwd())]));
  const prepared = await prepareInputs({
    store: client.runs.store, redaction: Redaction.of(redact),
    signature: { ...signature, inputs: signature.inputs.filter(({ name }) => given.has(name)) },
    given: await toGivenInputs({ spec: signature, schemas: { ...schemas, inputs: Object.fromEntries(Object.entries(schemas.inputs).filter(([name]) => given.has(name))) } }, shared),
  });
  for (const warning of prepared.warnings) onWarning(warning);
  return {
    scheduleId: id, sources, redact, sinks: durableSinks(options.sinks ?? []), queues: withToolQueue(client.queues, program.options), ...(job !== undefined && { job }),
    spec: { v: 1, signature, inputs: prepared.inputs, models, ...client.packages, limits, ...(program.strategy !== "rlm" && { strategy: program.strategy }), ...runExtras(program.options, signature) },
    timing: {
      ...DEFAULT_TIMING, cron: typeof cron === "string" ? [cron] : cron,
      ...(timeZone !== undefined && { timeZone }), ...(overlap !== undefined && { overlap }),
      ...(jitter !== undefined && { jitterMs: parseDuration(jitter) }), ...(catchUp !== undefined && { catchUpMs: parseDuration(catchUp) }),
    },
  };
}

async function exists(client: RlmClient, id: string): Promise<boolean> {
  try {
    await readSchedule(client.runs, id, 0);
    return true;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return false;
    throw error;
  }
}
