import type { DryRun } from "../../api/compose/dry-run.js";

/** A dry run for people: limits and cost first, then every prompt as it would be sent. */
export function renderDryRun({ models, limits, prompts, worstCase }: DryRun): string {
  const sections: readonly (readonly [string, string])[] = [
    ["Models", [renderModel("root", models.root), renderModel("sub", models.sub), ...(models.allowed.length === 0 ? [] : [`allowed  ${models.allowed.join(", ")}`])].join("\n")],
    ["Limits", Object.entries(limits).map(([name, value]) => `${name.padEnd(18)} ${value === null ? "none" : String(value)}`).join("\n")],
    ["Worst case", renderWorstCase(worstCase, limits)],
    ...prompts.firstCall.map(({ role, content }) => [`Prompt of the first turn: ${role} message (${prompts.pack})`, content] as const),
    ...(prompts.subCall === "" ? [] : [["Prompt of a sub-call: system message", prompts.subCall] as const]),
    ["Prompt of the extract call, at the end of the conversation", prompts.extract],
  ];
  return `${sections.map(([title, text]) => `=== ${title}\n${text}`).join("\n\n")}\n\nNothing was started.`;
}

function renderModel(role: string, { name, model, baseURL, wire, contextTokens, price }: DryRun["models"]["root"]): string {
  const cost = price === null ? "price unknown" : `$${price.inputUsdPerMillion} in, $${price.outputUsdPerMillion} out per million tokens`;
  const context = contextTokens === null ? "context unknown" : `context ${contextTokens.toLocaleString("en-US")} tokens`;
  return `${role.padEnd(8)} ${name}${model === name ? "" : ` (${model})`} at ${baseURL ?? "the default server"}, ${wire}; ${context}; ${cost}`;
}

function renderWorstCase({ rootCalls, subCalls, repairCalls, tokens, costUsd, unknown }: DryRun["worstCase"], { maxTokens, budgetUsd }: DryRun["limits"]): string {
  const calls = `${rootCalls.toLocaleString("en-US")} root calls (turns, summaries, extract), ${subCalls.toLocaleString("en-US")} sub-calls and ${repairCalls.toLocaleString("en-US")} repairs of replies to a schema, each as long as its model takes:`;
  const stop = [...(maxTokens === null ? [] : [`${maxTokens.toLocaleString("en-US")} tokens`]), ...(budgetUsd === null ? [] : [`$${budgetUsd}`])].join(" or ");
  return [
    calls,
    `tokens  ${tokens === null ? "unknown" : tokens.toLocaleString("en-US")}`,
    `cost    ${costUsd === null ? "unknown" : `$${costUsd.toFixed(2)}`}`,
    ...(unknown.length === 0 ? [] : [`Not known: ${unknown.join(", ")}. Give them in rlm.config.json, under "models".`]),
    ...(stop === "" ? [] : [`The run stops before that, at ${stop}.`]),
  ].join("\n");
}
