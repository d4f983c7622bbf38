import { h } from "../lib/dom.js";
import { count, duration, money, tokens } from "../lib/format.js";

/**
 * How much of each limit is used.
 * @param {import("../../wire.js").RunDetail} run
 */
export function budgetBars({ limits, turns, llmCalls, usage, startedAtMs, closedAtMs }) {
  if (limits === null) return [];
  const { maxIterations, maxLlmCalls, maxTokens, budgetUsd, timeoutMs } = limits;
  const tookMs = (closedAtMs ?? Date.now()) - startedAtMs;
  return [
    bar("Turns", turns, maxIterations, count),
    bar("Sub-calls", llmCalls, maxLlmCalls, count),
    maxTokens !== null && bar("Tokens", tokens(usage), maxTokens, count),
    budgetUsd !== null && bar("Money", usage.costUsd ?? 0, budgetUsd, money),
    timeoutMs !== null && bar("Time", tookMs, timeoutMs, duration),
  ];
}

/**
 * @param {string} name
 * @param {number} used
 * @param {number} of
 * @param {(n: number) => string} show
 */
function bar(name, used, of, show) {
  const share = of === 0 ? (used > 0 ? 1 : 0) : Math.min(1, used / of);
  const fillBar = h("i", { class: share >= 1 ? "full" : share >= 0.8 ? "near" : "" });
  fillBar.style.width = `${share * 100}%`;
  return h("div", { class: "budget" }, h("div", { class: "budget-text" }, h("span", {}, name), h("span", {}, `${show(used)} of ${show(of)}`)),
    h("div", { class: "track", role: "meter", "aria-label": name, "aria-valuemin": 0, "aria-valuemax": of, "aria-valuenow": Math.min(used, of), "aria-valuetext": `${show(used)} of ${show(of)}` }, fillBar));
}
