import { SinkError } from "./sink.js";

/** Longest wait for the receiver's answer, per try. */
const TIMEOUT_MS = 30_000;
const MAX_RETRY_AFTER_MS = 60 * 60_000;

/**
 * One POST. Redirects are not followed: a signed body goes to the address that was named and nowhere else.
 * @throws SinkError retryable for 408, 409, 425, 429, 5xx and a receiver out of reach
 */
export async function postJson(url: string, body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
  const { host } = new URL(url);
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST", body, redirect: "manual",
      headers: { "Content-Type": "application/json", "User-Agent": "durable-rlm", ...headers },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new SinkError(`${host} was not reached (${why.slice(0, 200)}).`, true, null, { cause: error });
  }
  await response.body?.cancel();
  if (response.ok) return;
  const { status } = response;
  const retryable = status >= 500 || [408, 409, 425, 429].includes(status);
  throw new SinkError(`${host} answered ${status}.`, retryable, retryAfterMs(response.headers.get("retry-after")));
}

function retryAfterMs(header: string | null): number | null {
  const seconds = Number(header);
  return header === null || !Number.isFinite(seconds) || seconds < 0 ? null : Math.min(MAX_RETRY_AFTER_MS, seconds * 1000);
}
