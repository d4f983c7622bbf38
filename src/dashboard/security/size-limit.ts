import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { refuse } from "../refuse.js";

/** What is read and dropped of a body that is too large, so that the browser stays for the answer. */
const MAX_DRAINED_BYTES = 256 * 2 ** 20;

/** @param cure what to do instead */
export function sizeLimit(maxBytes: number, cure: string): MiddlewareHandler {
  return bodyLimit({
    maxSize: maxBytes,
    async onError(c) {
      const announced = Number(c.req.header("content-length") ?? Infinity);
      if (announced <= MAX_DRAINED_BYTES) await c.req.raw.body?.pipeTo(new WritableStream()).catch(() => undefined);
      const limit = maxBytes < 2 ** 20 ? `${maxBytes / 1024} KiB` : `${maxBytes / 2 ** 20} MiB`;
      return refuse(c, 413, "too_large", `More than ${limit} is not taken here. ${cure}`);
    },
  });
}
