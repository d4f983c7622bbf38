import { expect, it } from "vitest";
import { requireRoom } from "../../../src/client/inputs/require-room.js";
import { resolveRunOptions } from "../../../src/core/resolve-run-limits.js";
import type { RunInputDescriptor } from "../../../src/core/run-spec.js";

const input = (name: string, kind: RunInputDescriptor["kind"], bytes: number): RunInputDescriptor => ({ name, kind, ref: { digest: "0".repeat(64), bytes } });

it("refuses inputs that must be in memory and do not fit, by the largest one's name", () => {
  const limits = resolveRunOptions({ memoryLimitBytes: 400 * 2 ** 20 });
  const half = 150 * 2 ** 20;
  expect(() => requireRoom({ limits, inputs: [input("logs", "text", 5e9), input("a", "bytes", half), input("b", "json", half)] })).not.toThrow();
  expect(() => requireRoom({ limits, inputs: [input("a", "bytes", half), input("code", "json", half + 1)] })).toThrow(/^The inputs other than text are 314572801 bytes, the largest `code`, and the sandbox has 419430400 bytes of memory.* Raise --memory-limit \(up to 4GiB\)/);
});
