import { Hono } from "hono";
import { filterRuns, readFilters } from "../list/filter-runs.js";
import { groupBatches } from "../list/group-batches.js";
import { groupFailures } from "../list/group-failures.js";
import { operatorGuard, type DashboardEnv } from "../security/guards.js";
import { sizeLimit } from "../security/size-limit.js";
import { NewRunBody } from "../source/new-run.js";
import { RunActionBody } from "../source/run-action.js";
import type { DashboardSource } from "../source/source.js";
import type { ActionDone, BatchRow, CostReport } from "../wire.js";

/** Inputs are part of the form; larger ones are for `rlm run`. */
const MAX_NEW_RUN_BYTES = 16 * 2 ** 20;
const MAX_ACTION_BYTES = 2 * 2 ** 20;
const MAX_BATCHES = 50;
const MAX_CALLS_A_PAGE = 200;

/** @param who the person that acts, as the runs' histories keep it */
export function runRoutes(source: DashboardSource, who: string): Hono<DashboardEnv> {
  return new Hono<DashboardEnv>()
    .get("/runs", async (c) => c.json(filterRuns(await source.list(), readFilters(new URL(c.req.url).searchParams), Date.now())))
    .post("/runs", operatorGuard, sizeLimit(MAX_NEW_RUN_BYTES, "Start runs with large inputs by `rlm run -i NAME=@FILE`."), async (c) => {
      const { workflowId, warnings } = await source.start(NewRunBody.parse(await c.req.json()));
      return c.json({ workflowId, message: ["Started.", ...warnings].join(" ") } satisfies ActionDone, 201);
    })
    .get("/runs/:id/turns", async (c) => c.json(await source.turns(c.req.param("id"), wholeNumber(c.req.query("from"), 1))))
    .get("/runs/:id/variables", async (c) => c.json(await source.variables(c.req.param("id"))))
    .get("/runs/:id/turns/:turn/calls", async (c) => {
      const { id, turn } = c.req.param();
      const count = Math.min(wholeNumber(c.req.query("count"), 100), MAX_CALLS_A_PAGE);
      return c.json(await source.calls(id, wholeNumber(turn, 0), wholeNumber(c.req.query("from"), 0), count));
    })
    .get("/runs/:id/turns/:turn/calls/:index", async (c) => {
      const { id, turn, index } = c.req.param();
      return c.json(await source.call(id, wholeNumber(turn, 0), wholeNumber(index, 0)));
    })
    .post("/runs/:id/actions", operatorGuard, sizeLimit(MAX_ACTION_BYTES, "Make it short."), async (c) => {
      const action = RunActionBody.parse(await c.req.json());
      return c.json((await source.act(c.req.param("id"), action, { by: who, why: action.why || null })) satisfies ActionDone);
    })
    .get("/failures", async (c) => c.json(groupFailures((await source.list()).runs)))
    .get("/batches", async (c) => {
      const batches = groupBatches((await source.list()).runs).slice(0, MAX_BATCHES);
      return c.json(await Promise.all(batches.map(async (each): Promise<BatchRow> => ({ ...each, total: await source.batchSize(each.batch) }))));
    })
    .post("/batches/:id/actions", operatorGuard, sizeLimit(4096, "Make it short."), async (c) => c.json(await source.retryBatch(c.req.param("id"))))
    .get("/costs", async (c) => {
      const rows = await source.costs();
      return c.json({ rows, runs: rows.reduce((sum, { runs }) => sum + runs, 0) } satisfies CostReport);
    });
}

function wholeNumber(text: string | undefined, otherwise: number): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : otherwise;
}
