import { describe, expect, it } from "vitest";
import { parseRetryAfterMs } from "../../src/model/retry-after.js";

const parse = (headers: Record<string, string>) => parseRetryAfterMs(new Headers(headers), Date.parse("2026-01-01T00:00:00Z"));

describe("how long a server asks to wait", () => {
  it.each([
    [{}, undefined],
    [{ "retry-after": "12" }, 12_000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after": "Thu, 01 Jan 2026 00:01:00 GMT" }, 60_000],
    [{ "retry-after": "Wed, 31 Dec 2025 00:00:00 GMT" }, 0],
    [{ "retry-after": "-3" }, 0],
    [{ "retry-after": "86400" }, 600_000],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after-ms": "1500", "retry-after": "9" }, 1500],
    [{ "retry-after-ms": "x", "retry-after": "9" }, 9000],
  ])("%o is %s ms", (headers, expected) => expect(parse(headers)).toBe(expected));
});
