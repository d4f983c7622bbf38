import type { OpenedSource } from "./source.js";
import { getWithRetries, RETRY_PAUSES_MS } from "./http-get.js";
import { publicUrl } from "./http-url.js";
import { reason, SourceError } from "./source-error.js";

export interface HttpLimits {
  /** Bytes that are taken, as they come, and once more after unpacking. @default 4 GiB */
  readonly maxBytes?: number;
  /** Until the answer begins, and between two pieces of it. @default 30000 */
  readonly timeoutMs?: number;
  /** Before each further try, where the server was not reached or could not answer now; what has begun to come is not asked for again. @default 0.5, 1.5 and 4.5 s */
  readonly retryPausesMs?: readonly number[];
}

export const MAX_HTTP_BYTES = 4 * 2 ** 30;
const TIMEOUT_MS = 30_000;

/**
 * Gets an address: a few tries, up to 5 redirects, never from https to http, and the password in the address goes to its own host only.
 * @throws SourceError at once, or while reading
 */
export async function openHttp(address: string, { maxBytes = MAX_HTTP_BYTES, timeoutMs = TIMEOUT_MS, retryPausesMs = RETRY_PAUSES_MS }: HttpLimits = {}): Promise<Required<OpenedSource>> {
  const shown = publicUrl(address);
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(new SourceError(`${shown}: no answer, or no more of it, for ${timeoutMs / 1000} s. Try again, or download it first.`, { kind: "unreachable" })), timeoutMs);
  const failed = (error: unknown): SourceError => {
    clearTimeout(timer);
    giveUp.abort();
    if (error instanceof SourceError) return error;
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return new SourceError(`${shown} cannot be read: ${reason(cause)}. Check the address, and that the server is up.`, { cause: error, kind: "unreachable" });
  };
  let response: Response;
  try {
    response = await getWithRetries(address, retryPausesMs, { signal: giveUp.signal, onTry: () => timer.refresh() });
    const length = Number(response.headers.get("content-length") ?? 0);
    if (length > maxBytes) throw tooLarge(shown, maxBytes);
  } catch (error) {
    throw failed(error);
  }
  const etag = response.headers.get("etag");
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    try {
      for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        timer.refresh();
        bytes += chunk.byteLength;
        if (bytes > maxBytes) throw tooLarge(shown, maxBytes);
        yield chunk;
      }
    } catch (error) {
      throw failed(error);
    } finally {
      clearTimeout(timer);
      giveUp.abort();
    }
  }
  return { chunks: chunks(), origin: { url: shown, ...(etag !== null && { etag: etag.slice(0, 200) }) } };
}

export function tooLarge(shown: string, maxBytes: number): SourceError {
  return new SourceError(`${shown} has more than ${maxBytes} bytes. Download it, and give the file.`);
}
