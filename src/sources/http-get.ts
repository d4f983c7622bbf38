import { setTimeout as sleep } from "node:timers/promises";
import { publicUrl, requireHttpUrl } from "./http-url.js";
import { SourceError } from "./source-error.js";

/** Over in seconds: somebody waits. Who can wait longer (a schedule) asks again later. */
export const RETRY_PAUSES_MS: readonly number[] = [500, 1500, 4500];
const MAX_RETRY_AFTER_MS = 10_000;
const MAX_REDIRECTS = 5;

/** The server answers that it cannot now. */
class Unavailable extends SourceError {
  constructor(message: string, readonly retryAfterMs: number) {
    super(message, { kind: "unreachable" });
  }
}

/**
 * The answer to a GET, tried again where the server was not reached or says 408, 425, 429 or 5xx.
 * @param pausesMs before each further try; where the server asks for a longer one (at most 10 s), that
 * @throws SourceError; what `fetch` throws
 */
export async function getWithRetries(address: string, pausesMs: readonly number[], { signal, onTry }: { readonly signal: AbortSignal; readonly onTry: () => void }): Promise<Response> {
  for (const pauseMs of pausesMs) {
    onTry();
    try {
      return await follow(address, signal);
    } catch (error) {
      if (signal.aborted || (error instanceof SourceError && !(error instanceof Unavailable))) throw error;
      await sleep(Math.max(pauseMs, error instanceof Unavailable ? error.retryAfterMs : 0), undefined, { signal });
    }
  }
  onTry();
  return follow(address, signal);
}

function isPassing(status: number): boolean {
  return status >= 500 || [408, 425, 429].includes(status);
}

function pauseAsked(header: string | null): number {
  const seconds = Number(header ?? 0);
  return Number.isFinite(seconds) ? Math.min(MAX_RETRY_AFTER_MS, Math.max(0, seconds * 1000)) : 0;
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
      if (isPassing(response.status)) throw new Unavailable(`${shown} answers ${response.status}, at each try. Try again later.`, pauseAsked(response.headers.get("retry-after")));
      const gone = response.status === 404 || response.status === 410;
      throw new SourceError(`${shown} answers ${response.status}${response.status === 401 || response.status === 403 ? ": it wants a password or another one. Write https://name:password@host/…" : ""}. Check the address.`, gone ? { kind: "missing" } : {});
    }
    await response.body?.cancel();
    if (!URL.canParse(location, url.href)) throw new SourceError(`${shown} redirects to what is no address.`);
    const next = new URL(requireHttpUrl(new URL(location, url.href).href));
    if (url.protocol === "https:" && next.protocol === "http:") throw new SourceError(`${shown} redirects from https to http, which is not followed. Give the last address itself.`);
    url = next;
  }
  throw new SourceError(`${publicUrl(address)} redirects more than ${MAX_REDIRECTS} times. Give the last address itself.`);
}
