import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import type { SessionEntry } from "../../src/runner/session-entry.js";
import { SessionTable, type SessionTableOptions } from "../../src/runner/session-table.js";
import { MemorySessionFactory } from "../../src/testing/memory-session/memory-session-factory.js";

const MB = 2 ** 20;

async function withTable(options: Partial<SessionTableOptions>, use: (table: SessionTable, enter: (uid: string) => Promise<SessionEntry>, clock: { nowMs: number }) => Promise<void>): Promise<void> {
  const clock = { nowMs: 1000 };
  const errors: unknown[] = [];
  const table = new SessionTable({ maxSessions: 100, maxParkedBytes: Infinity, weigh: async () => 100 * MB, placeWaitMs: 60_000, nowMs: () => clock.nowMs++, onDisposeError: (error) => errors.push(error), ...options });
  const factory = new MemorySessionFactory();
  const base = await factory.createBaseImage();
  await use(table, async (uid) => {
    const entry = table.enter(uid, 1, 1);
    await table.admit(entry);
    table.attach(entry, await factory.restore({ parts: [base.bytes], inputs: [] }), []);
    return entry;
  }, clock);
  table.dropAll();
  expect(errors).toEqual([]);
}

const kept = (table: SessionTable, ...uids: string[]): string => uids.filter((uid) => table.get(uid) !== undefined).join("");

it("drops the idle session that was used longest ago when there are too many, suspended ones last and running ones never", async () => {
  await withTable({ maxSessions: 3 }, async (table, enter) => {
    const [a, b, c] = [await enter("a"), await enter("b"), await enter("c")];
    table.suspend(a, { seq: 0, header: {} as never });
    table.park(b, "digest", []);
    await enter("d");
    expect(kept(table, "a", "b", "c", "d")).toBe("acd");
    expect(await b.session?.exited).toContain("disposed of");
    await enter("e");
    expect(kept(table, "a", "c", "d", "e")).toBe("cde");
    // All three run: the next one waits until one of them is parked, and takes its place.
    const entering = enter("f");
    let entered = false;
    void entering.then(() => (entered = true));
    await sleep(5);
    expect(entered).toBe(false);
    table.park(c, "digest", []);
    await entering;
    expect(kept(table, "c", "d", "e", "f")).toBe("def");
    const waiting = [enter("g"), enter("h")];
    table.dropRun("d");
    await Promise.race(waiting);
    table.dropRun("e");
    await Promise.all(waiting);
    expect(kept(table, "d", "e", "f", "g", "h")).toBe("fgh");
  });
});

it("drops sessions until the parked ones are within their memory, whatever their number", async () => {
  const weights = [300, 100, 100, 350];
  await withTable({ maxParkedBytes: 520 * MB, weigh: async () => (weights.shift() ?? 0) * MB }, async (table, enter) => {
    const entries = [await enter("a"), await enter("b"), await enter("c"), await enter("d")];
    for (const entry of entries.slice(0, 3)) table.park(entry, "digest", []);
    await sleep(1);
    expect(kept(table, "a", "b", "c", "d")).toBe("abcd");
    table.park(entries[3]!, "digest", []);
    await vi.waitUntil(() => table.get("a") === undefined);
    // 100 + 100 + 350 is too much still.
    expect(kept(table, "b", "c", "d")).toBe("cd");
  });
});

it("lets one session alone be larger than all may be together", async () => {
  await withTable({ maxParkedBytes: MB }, async (table, enter) => {
    table.park(await enter("a"), "digest", []);
    await sleep(1);
    expect(kept(table, "a")).toBe("a");
    table.park(await enter("b"), "digest", []);
    await vi.waitUntil(() => table.get("a") === undefined);
    expect(kept(table, "b")).toBe("b");
  });
});

it("drops what nobody came back to, but not what runs", async () => {
  await withTable({}, async (table, enter, clock) => {
    const [a, b] = [await enter("a"), await enter("b")];
    await enter("c");
    table.park(a, "digest", []);
    table.suspend(b, { seq: 0, header: {} as never });
    clock.nowMs += 5000;
    table.dropUnused(6000);
    expect(kept(table, "a", "b", "c")).toBe("abc");
    table.dropUnused(4000);
    expect(kept(table, "a", "b", "c")).toBe("c");
  });
});

it("gives a step back that has found no place for too long, and tells when there is one again", async () => {
  await withTable({ maxSessions: 1, placeWaitMs: 20 }, async (table, enter) => {
    const a = await enter("a");
    expect(table.hasPlacesFor(1)).toBe(false);
    await expect(enter("b")).rejects.toThrow("All 1 sessions of this worker have been running for 20 ms.");
    const freed = table.placeFreed(AbortSignal.timeout(5_000));
    table.park(a, "digest", []);
    await freed;
    expect([table.hasPlacesFor(1), table.hasPlacesFor(2)]).toEqual([true, false]);
  });
});
