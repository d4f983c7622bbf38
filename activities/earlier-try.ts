import { Context } from "@temporalio/activity";
import type { ActivityScope } from "./with-context.js";

/** Left with the server by each try. */
interface Word {
  /** Session queue of the process that tries. */
  readonly host: string;
  /** It has failed in order, and said so. */
  readonly over?: true;
}

export interface Tried<T> {
  readonly result: T;
  /** Session queue of the process in which the try before this one ended without a word: it is gone, or as good as. `null`: it said a word, or this is the first. */
  readonly vanished: string | null;
}

/**
 * Runs the body of an activity so that a later try can tell whether this one's process vanished. A parked session vanishes with its process, and whoever
 * knows that need not wait for the session's queue to time out. The word is left at once: a process may die before the first regular heartbeat.
 */
export async function tellingHost<T>(host: string, scope: ActivityScope, body: (scope: ActivityScope) => Promise<T>): Promise<Tried<T>> {
  const context = Context.current();
  const { attempt, heartbeatDetails } = context.info as { readonly attempt: number; readonly heartbeatDetails?: Word };
  const vanished = attempt > 1 && heartbeatDetails !== undefined && heartbeatDetails.over !== true ? heartbeatDetails.host : null;
  const tell = (progress: object): void => scope.progress({ ...progress, host } satisfies Word);
  tell({});
  context.heartbeat({ host } satisfies Word);
  try {
    return { result: await body({ ...scope, progress: tell }), vanished };
  } catch (error) {
    // One that is cut off because its worker ends leaves the session behind all the same.
    if (!scope.signal.aborted) context.heartbeat({ host, over: true } satisfies Word);
    throw error;
  }
}
