import { setTimeout as sleep } from "node:timers/promises";
import { ScheduleAlreadyRunning, type ScheduleHandle } from "@temporalio/client";
import type { RunSpec } from "../../core/run-spec.js";
import { SCHEDULED_WORKFLOW_TYPE, type ScheduledInput, type SchedulePlan, type ScheduleTiming, type WindowSource } from "../../core/schedule-wire.js";
import type { SinkSpec } from "../../core/sink-spec.js";
import type { RunTiming, TaskQueues } from "../../core/wire.js";
import { formatSignature } from "../../signature/format-signature.js";
import { isGrpc } from "../connect-temporal.js";
import { ensureSearchAttributes } from "../ensure-search-attributes.js";
import { namespaceOf, rememberNamespace } from "../garbage/store-namespaces.js";
import { requireLabel } from "../labels.js";
import { alertsOf } from "../alerts-of.js";
import { putSinks } from "../put-sinks.js";
import type { RunClient } from "../run-client.js";
import { checkPlan } from "./check-plan.js";
import { keepPlan } from "./kept-plans.js";
import { ScheduleError } from "./schedule-error.js";
import { temporalTiming } from "./schedule-timing.js";

/** All that a schedule is. */
export interface ScheduleRequest {
  readonly scheduleId: string;
  /** The task, its limits, and the inputs that all windows share. */
  readonly spec: RunSpec;
  readonly sources: readonly WindowSource[];
  readonly timing: ScheduleTiming;
  readonly queues: TaskQueues;
  readonly redact?: readonly string[];
  readonly sinks?: readonly SinkSpec[];
  /** @default the schedule's name */
  readonly job?: string;
  readonly runTiming?: RunTiming;
  /** @default 2000 */
  readonly workflowTaskTimeoutMs?: number;
}

const GRPC_INVALID_ARGUMENT = 3;

/**
 * Creates a schedule whose windows are runs. Everything is checked before anything is kept.
 * @throws ScheduleError, SourceError, InputError, InvalidWorkflowIdError, InvalidLabelError
 */
export async function createSchedule(client: RunClient, request: ScheduleRequest, { paused = false, note }: { readonly paused?: boolean; readonly note?: string } = {}): Promise<void> {
  const { scheduleId } = request;
  const options = await scheduleOptions(client, request);
  const { schedule } = await client.temporal();
  try {
    await schedule.create({ scheduleId, ...options, state: { paused, ...(note !== undefined && { note }) } });
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) throw new ScheduleError(`There is a schedule with the name "${scheduleId}" already. Change it with \`rlm schedule update ${scheduleId}\`, or choose another name.`, { cause: error });
    throw refusal(error);
  }
  if (paused || (await startsEver(schedule.getHandle(scheduleId)))) return;
  await schedule.getHandle(scheduleId).delete();
  throw new ScheduleError(`No time fits ${request.timing.cron.map((line) => `"${line}"`).join(", ")}: it would never start. Change --cron.`);
}

/** A new schedule may need a moment until it knows its times. */
async function startsEver(handle: Pick<ScheduleHandle, "describe">): Promise<boolean> {
  for (let looks = 0; looks < 6; looks += 1) {
    if ((await handle.describe()).info.nextActionTimes.length > 0) return true;
    await sleep(500);
  }
  return false;
}

/** What Temporal is given, with the plan in the store. */
export async function scheduleOptions(client: RunClient, { scheduleId, spec, sources, timing, queues, redact = [], sinks = [], job = scheduleId, runTiming, workflowTaskTimeoutMs = 2000 }: ScheduleRequest) {
  const timed = temporalTiming(timing);
  const plan: SchedulePlan = { v: 1, scheduleId, spec, sources, timing, redact, sinks };
  checkPlan(plan, Date.now());
  requireLabel("job", job);
  await putSinks(client.store, sinks);
  const namespace = await namespaceOf(client);
  await rememberNamespace(client.store, namespace);
  const { how } = await ensureSearchAttributes((await client.temporal()).connection, namespace.namespace);
  const planRef = await keepPlan(client.store, plan);
  const signature = formatSignature(spec.signature).slice(0, 120);
  const input: ScheduledInput = {
    v: 1, scheduleId, planRef, queues, limits: spec.limits, job, model: spec.models.root, signature,
    ...alertsOf(client), ...(runTiming !== undefined && { timing: runTiming }), workflowTaskTimeoutMs, ...(how !== "refused" && { visible: true }),
  };
  return {
    ...timed,
    action: {
      type: "startWorkflow" as const, workflowType: SCHEDULED_WORKFLOW_TYPE, workflowId: scheduleId, taskQueue: queues.workflow, args: [input],
      staticSummary: `window of ${scheduleId}: ${signature}`.slice(0, 200), workflowTaskTimeout: Math.max(workflowTaskTimeoutMs, 5000),
    },
  };
}

/** The server has rules of its own for times. */
export function refusal(error: unknown): unknown {
  if (!isGrpc(error, GRPC_INVALID_ARGUMENT)) return error;
  const said = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  return new ScheduleError(`The Temporal server refuses the schedule: ${said.slice(0, 300)}. Change --cron, --tz or what it names.`, { cause: error });
}
