import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planSlices } from "../../src/core/slices.js";

describe("a batch", () => {
  it("of up to 16 calls is an activity each", () => {
    expect(planSlices({ count: 3, maxConcurrency: 64 }).lanes).toEqual([
      { concurrency: 1, slices: [[0, 1]] }, { concurrency: 1, slices: [[1, 1]] }, { concurrency: 1, slices: [[2, 1]] },
    ]);
    expect(planSlices({ count: 5, maxConcurrency: 2 }).lanes).toEqual([
      { concurrency: 1, slices: [[0, 1], [1, 1]] }, { concurrency: 1, slices: [[2, 1], [3, 1], [4, 1]] },
    ]);
    expect(planSlices({ count: 0, maxConcurrency: 64 })).toEqual({ lanes: [] });
  });

  it("of 1,000 calls with 1,000 at once is 40 slices of 25, all at once", () => {
    const { lanes } = planSlices({ count: 1000, maxConcurrency: 1000 });
    expect(lanes).toHaveLength(40);
    expect(lanes.every((lane) => lane.concurrency === 25 && lane.slices.length === 1 && lane.slices[0]?.[1] === 25)).toBe(true);
  });

  it("of 1,000 calls with 64 at once is three lanes of slices four times as long", () => {
    const { lanes } = planSlices({ count: 1000, maxConcurrency: 64 });
    expect(lanes.map((lane) => [lane.concurrency, lane.slices.map(([, count]) => count)])).toEqual([
      [22, [86, 86, 86, 85]], [21, [82, 82, 82, 82]], [21, [83, 82, 82, 82]],
    ]);
  });

  it("is covered once, in bounded slices, within the concurrency, whatever its size", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 6000 }), fc.integer({ min: 1, max: 2000 }), (count, maxConcurrency) => {
      const { lanes } = planSlices({ count, maxConcurrency });
      const indices = lanes.flatMap((lane) => lane.slices.flatMap(([start, size]) => Array.from({ length: size }, (_unused, i) => start + i)));
      expect(indices).toEqual(Array.from({ length: count }, (_unused, i) => i));
      const concurrency = lanes.reduce((sum, lane) => sum + lane.concurrency, 0);
      expect(concurrency).toBe(Math.min(count, maxConcurrency));
      for (const lane of lanes) {
        expect(lane.slices.length).toBeGreaterThan(0);
        expect(lane.concurrency).toBeLessThanOrEqual(25);
        for (const [, size = 0] of lane.slices) {
          expect(size).toBeGreaterThan(0);
          expect(size).toBeLessThanOrEqual(count <= 16 ? 1 : Math.min(4 * lane.concurrency, 100));
        }
      }
    }));
  });

  it("with impossible numbers is refused", () => {
    expect(() => planSlices({ count: 1.5, maxConcurrency: 1 })).toThrow("count is 1.5; it must be a whole number from 0.");
    expect(() => planSlices({ count: 1, maxConcurrency: 0 })).toThrow("maxConcurrency is 0; it must be a whole number from 1.");
  });
});
