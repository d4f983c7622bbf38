/** Thrown by `withDeadline` when the time is up. */
export class DeadlineExceededError extends Error {
  override readonly name = "DeadlineExceededError";
}

/**
 * Runs `work` with a signal that is aborted when the caller's is, or after `timeoutMs`.
 * Rejects with the caller's reason, or with `DeadlineExceededError`, whatever `work` made of the abort.
 */
export async function withDeadline<T>(callerSignal: AbortSignal | undefined, timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  callerSignal?.throwIfAborted();
  const controller = new AbortController();
  const onCallerAbort = (): void => controller.abort(callerSignal?.reason);
  const timer = setTimeout(() => controller.abort(new DeadlineExceededError(`no whole answer after ${timeoutMs} ms`)), timeoutMs);
  callerSignal?.addEventListener("abort", onCallerAbort, { once: true });
  try {
    const result = await work(controller.signal);
    // The openai package ends an aborted stream as if it were complete.
    controller.signal.throwIfAborted();
    return result;
  } catch (error) {
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    callerSignal?.removeEventListener("abort", onCallerAbort);
  }
}
