import { setTimeout as sleep } from "node:timers/promises";
import { Hono, type Context } from "hono";
import { streamSSE, type SSEStreamingApi } from "hono/streaming";
import { filterRuns, readFilters } from "../list/filter-runs.js";
import { refuse } from "../refuse.js";
import type { DashboardEnv } from "../security/guards.js";
import type { DashboardSource } from "../source/source.js";

const LIST_EVERY_MS = 1500;
/** Proxies and browsers give up on a silent connection. */
const PING_MS = 15_000;
/** Each watcher holds a long poll at the server. */
const MAX_STREAMS = 64;

/**
 * What changes while one looks, as server-sent events. Each event holds the whole state, so that a browser that was away needs nothing but the next.
 * `gone` says that there will be no more.
 */
export function liveRoutes(source: DashboardSource, describeError: (error: unknown) => string, ending: AbortSignal): Hono<DashboardEnv> {
  let streams = 0;
  const stream = (c: Context, tell: (send: (event: string, data: unknown) => Promise<void>, signal: AbortSignal) => Promise<void>): Response => {
    if (streams >= MAX_STREAMS) return refuse(c, 503, "too_many", `${MAX_STREAMS} pages are open already. Close some of them.`);
    streams++;
    c.header("x-accel-buffering", "no");
    return streamSSE(c, async (sse) => {
      const leaving = new AbortController();
      sse.onAbort(() => leaving.abort());
      const signal = AbortSignal.any([leaving.signal, ending]);
      const ping = setInterval(() => void sse.write(": ping\n\n"), PING_MS);
      try {
        await tell((event, data) => sse.writeSSE({ event, data: JSON.stringify(data) }), signal);
        if (!signal.aborted) await sse.writeSSE({ event: "gone", data: "{}" });
      } catch (error) {
        if (!signal.aborted) await fail(sse, describeError(error));
      } finally {
        streams--;
        clearInterval(ping);
        leaving.abort();
      }
    });
  };
  return new Hono<DashboardEnv>()
    .get("/runs", (c) => stream(c, async (send, signal) => {
      const filters = readFilters(new URL(c.req.url).searchParams);
      let sent = "";
      while (!signal.aborted) {
        const page = filterRuns(await source.list(), filters, Date.now());
        const text = JSON.stringify(page);
        if (text !== sent) await send("list", page);
        sent = text;
        await sleep(LIST_EVERY_MS, undefined, { signal }).catch(() => undefined);
      }
    }))
    .get("/runs/:id", (c) => stream(c, async (send, signal) => {
      for await (const detail of source.watch(c.req.param("id"), signal)) await send("run", detail);
    }));
}

async function fail(sse: SSEStreamingApi, message: string): Promise<void> {
  await sse.writeSSE({ event: "failed", data: JSON.stringify({ message }) });
}
