import type { FactsById } from "./check-histories.js";

/** What runs did, from their histories, for the timeline of a violation. */
export function storyOf(trees: readonly FactsById[]): { readonly atMs: number; readonly text: string }[] {
  return trees.flatMap((tree) => [...tree].flatMap(([workflowId, facts]) => {
    const names = new Map(facts.flatMap((fact) => (fact.type === "activity-scheduled" ? [[fact.id, `${fact.activity} #${fact.id.split("/")[1]}`] as const] : [])));
    return facts.flatMap((fact) => {
      if (fact.type === "activity-scheduled") return [{ atMs: fact.atMs, text: `${workflowId} begins ${names.get(fact.id)}` }];
      if (fact.type === "activity-completed") return [{ atMs: fact.atMs, text: `${workflowId} ends ${names.get(fact.id)}` }];
      return fact.type === "activity-failed" ? [{ atMs: fact.atMs, text: `${workflowId} fails ${names.get(fact.id)}: ${fact.failure.kind}, ${fact.failure.message.slice(0, 100)}` }] : [];
    });
  }));
}
