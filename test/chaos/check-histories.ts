import { payloadSizes } from "../helpers/payload-sizes.js";
import type { HistoryFact } from "../../src/core/history-fact.js";
import type { RunClient } from "../../src/client/run-client.js";
import { PAYLOAD_BYTES } from "./knobs.js";
import { factsOf } from "../helpers/facts-of.js";
import type { Blow } from "./aims.js";
import type { State } from "./run-states.js";
import type { Struck } from "./timeline.js";

export type FactsById = ReadonlyMap<string, readonly HistoryFact[]>;

/** The facts of a run and of all runs below it. */
export async function readTree(client: RunClient, workflowId: string): Promise<Map<string, readonly HistoryFact[]>> {
  const facts = await factsOf(client, workflowId);
  const children = facts.flatMap((fact) => (fact.type === "child-started" ? [fact.workflowId] : []));
  const below = await Promise.all(children.map((child) => readTree(client, child)));
  return new Map([[workflowId, facts] as const, ...below.flatMap((each) => [...each])]);
}

export async function historyFaults(client: RunClient, workflowId: string): Promise<string[]> {
  const history = await (await client.temporal()).workflow.getHandle(workflowId).fetchHistory();
  const largest = Math.max(...payloadSizes(history));
  return largest < PAYLOAD_BYTES ? [] : [`has a payload of ${largest} bytes in the history of ${workflowId}`];
}

/** Hits that the history bears out: what the run was at had not ended when the blow fell. A blow hits a workflow in a state once. */
export function confirmedHits(struck: readonly Struck[], root: string, tree: FactsById): { readonly state: State; readonly blow: Blow }[] {
  return struck.flatMap(({ hits, blow, atMs }) => {
    const confirmed = hits.filter((hit) => hit.root === root && wasAt(tree.get(hit.workflowId) ?? [], hit.activity, atMs));
    return [...new Map(confirmed.map(({ workflowId, state }) => [`${workflowId} ${state}`, { state, blow }])).values()];
  });
}

function wasAt(facts: readonly HistoryFact[], activity: string | null, atMs: number): boolean {
  const endedAtMs = new Map(facts.flatMap((fact) => (fact.type === "activity-completed" || fact.type === "activity-failed" ? [[fact.id, fact.atMs] as const] : [])));
  const underWay = facts.flatMap((fact) => (fact.type === "activity-scheduled" && fact.atMs <= atMs && (endedAtMs.get(fact.id) ?? Infinity) > atMs ? [fact.activity] : []));
  return activity === null ? underWay.length === 0 : underWay.includes(activity);
}
