/** A server that asks for more is not believed: the run would look dead, and a person can always retry later. */
const MAX_RETRY_AFTER_MS = 10 * 60_000;

/**
 * How long the server asks to wait, in milliseconds, clamped to 0…10 min; `undefined` when it does not say.
 * Reads `retry-after-ms` (OpenAI, Azure), then `retry-after` in seconds or as an HTTP date (RFC 9110, 10.2.3).
 */
export function parseRetryAfterMs(headers: Pick<Headers, "get">, nowMs: number): number | undefined {
  const inMs = toNumber(headers.get("retry-after-ms"));
  if (inMs !== undefined) return clamp(inMs);
  const header = headers.get("retry-after");
  const seconds = toNumber(header);
  if (seconds !== undefined) return clamp(seconds * 1000);
  const atMs = Date.parse(header ?? "");
  return Number.isNaN(atMs) ? undefined : clamp(atMs - nowMs);
}

function toNumber(header: string | null): number | undefined {
  const text = header?.trim() ?? "";
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function clamp(ms: number): number {
  return Math.round(Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS));
}
