import type { RunClient } from "../run-client.js";
import { refusal, scheduleOptions, type ScheduleRequest } from "./create-schedule.js";
import { forgetPlans } from "./kept-plans.js";
import { readSchedule } from "./read-schedule.js";

/**
 * Changes a schedule: windows that come later are as `request` says; pauses and notes stay.
 * @throws ScheduleNotFoundError, and what `createSchedule` throws
 */
export async function updateSchedule(client: RunClient, request: ScheduleRequest): Promise<void> {
  const { scheduleId } = request;
  await readSchedule(client, scheduleId, 0);
  const options = await scheduleOptions(client, request);
  const [input] = options.action.args;
  try {
    await (await client.temporal()).schedule.getHandle(scheduleId).update(({ state: { paused, note } }) => ({ ...options, state: { paused, ...(note !== undefined && { note }) } }));
  } catch (error) {
    throw refusal(error);
  }
  await forgetPlans(client.store, scheduleId, input?.planRef);
}

/**
 * Deletes a schedule; windows under way go on, and results stay until they are deleted by themselves.
 * @throws ScheduleNotFoundError, ScheduleError it is not ours
 */
export async function deleteSchedule(client: RunClient, scheduleId: string): Promise<void> {
  await readSchedule(client, scheduleId, 0);
  await (await client.temporal()).schedule.getHandle(scheduleId).delete();
  await forgetPlans(client.store, scheduleId);
}
