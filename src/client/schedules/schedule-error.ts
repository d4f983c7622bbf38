export class ScheduleNotFoundError extends Error {
  override readonly name = "ScheduleNotFoundError";
  readonly code = "not_found";
  constructor(readonly scheduleId: string, options?: ErrorOptions) {
    super(`There is no schedule with the id "${scheduleId}". It may have been deleted.`, options);
  }
}

/** A request that a schedule cannot take; the message holds the cure. */
export class ScheduleError extends Error {
  override readonly name = "ScheduleError";
  readonly code = "refused";
}
