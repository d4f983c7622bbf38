import type { OpenedSource } from "./source.js";
import { publicUrl, requireHttpUrl } from "./http-url.js";
import { reason, SourceError } from "./source-error.js";

export interface HttpLimits {
  /** Bytes that are taken, as they come, and once more after unpacking. @default 4 GiB */
  readonly maxBytes?: number;
  /** Until the answer begins, and between two pieces of it. @default 30000 */
  readonly timeoutMs?: number;
}

export const MAX_HTTP_BYTES = 4 * 2 ** 30;
const TIMEOUT_MS = 30_000;
const MAX_REDIRECTS = 5;

/**
 * Gets an address: up to 5 redirects, never from https to http, and the password in the address goes to its own host only.
 * @throws SourceError at once, or while reading
 */
export async function openHttp(address: string, { maxBytes = MAX_HTTP_BYTES, timeoutMs = TIMEOUT_MS }: HttpLimits = {}): Promise<Required<OpenedSource>> {
  const shown = publicUrl(address);
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(new SourceError(`${shown}: no answer, or no more of it, for ${timeoutMs / 1000} s. Try again, or download it first.`)), timeoutMs);
  const failed = (error: unknown): SourceError => {
    clearTimeout(timer);
    giveUp.abort();
    if (error instanceof SourceError) return error;
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return new SourceError(`${shown} cannot be read: ${reason(cause)}. Check the address, and that the server is up.`, { cause: error });
  };
  let response: Response;
  try {
    response = await follow(address, giveUp.signal);
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

async function follow(address: string, signal: AbortSignal): Promise<Response> {
  let url = new URL(address);
  const first = url.origin;
  const password = url.username === "" ? null : `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString("base64")}`;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const shown = publicUrl(url.href);
    const bare = new URL(url.href);
    bare.username = "";
    bare.password = "";
    const headers = password !== null && url.origin === first ? { authorization: password } : {};
    const response = await fetch(bare.href, { redirect: "manual", signal, headers });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) {
      if (response.ok) return response;
      await response.body?.cancel();
      throw new SourceError(`${shown} answers ${response.status}${response.status === 401 || response.status === 403 ? ": it wants a password or another one. Write https://name:password@host/…" : ""}. Check the address.`);
    }
    await response.body?.cancel();
    if (!URL.canParse(location, url.href)) throw new SourceError(`${shown} redirects to what is no address.`);
    const next = new URL(requireHttpUrl(new URL(location, url.href).href));
    if (url.protocol === "https:" && next.protocol === "http:") throw new SourceError(`${shown} redirects from https to http, which is not followed. Give the last address itself.`);
    url = next;
  }
  throw new SourceError(`${publicUrl(address)} redirects more than ${MAX_REDIRECTS} times. Give the last address itself.`);
}
