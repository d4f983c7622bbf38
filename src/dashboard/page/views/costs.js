import { get } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { count, money, tokens } from "../lib/format.js";
import { empty, failed } from "./parts.js";

/** @typedef {import("../../wire.js").CostRow} CostRow */

/** @param {import("../main.js").Context} context */
export function costsView({ root, leaving }) {
  const body = h("div", {}, h("p", { class: "dim" }, "Reading the runs' records. The first time this may take a while."));
  fill(root, h("h1", {}, "Costs by day and model"), h("p", { class: "lead" }, "What closed runs used, on the day (UTC) they closed. “–”: the model's price is not known; ", h("code", {}, "rlm.config.json"), " can tell it."), body);
  get("/costs").then((/** @type {import("../../wire.js").CostReport} */ { rows }) => {
    if (!leaving.aborted) fill(body, rows.length === 0 ? empty("No closed runs yet", "Costs are counted when a run closes.") : table(rows));
  }, (error) => fill(body, failed(error)));
}

/** @param {readonly CostRow[]} rows */
function table(rows) {
  const days = [...new Set(rows.map(({ day }) => day))];
  const most = Math.max(...days.map((day) => weight(rows.filter((row) => row.day === day))), 1e-9);
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Costs" }, h("table", {}, h("caption", { class: "away" }, "Costs by day and model"),
    h("thead", {}, h("tr", {}, ["Day", "Model"].map((name) => h("th", { scope: "col" }, name)), ["Runs", "Input tokens", "cached", "Output tokens", "Cost"].map((name) => h("th", { scope: "col", class: "num" }, name)), h("th", { class: "wide" }, h("span", { class: "away" }, "Share")))),
    h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, "All"), h("td"), h("td"), sums(rows).map((text) => h("td", { class: "num" }, text)), h("td", { class: "wide" }))),
    h("tbody", {}, days.flatMap((day) => dayRows(day, rows.filter((row) => row.day === day), most)))));
}

/**
 * @param {string} day
 * @param {readonly CostRow[]} rows
 * @param {number} most
 */
function dayRows(day, rows, most) {
  return rows.map((row, i) => {
    const { model, runs, usage } = row;
    const bar = h("i", { class: "meter", "aria-hidden": "true" });
    bar.style.width = `${Math.max(1, (weight([row]) / most) * 100)}%`;
    return h("tr", { class: i === 0 ? "first" : "" }, h("th", { scope: "row" }, i === 0 ? day : h("span", { class: "away" }, day)), h("td", { class: "mono" }, model),
      [count(runs), count(usage.inputTokens), count(usage.cachedTokens), count(usage.outputTokens), money(usage.costUsd)].map((text) => h("td", { class: "num" }, text)), h("td", { class: "wide" }, bar));
  });
}

/** Runs are not added up: one that used two models stands in two rows. @param {readonly CostRow[]} rows */
function sums(rows) {
  const sum = (/** @type {(usage: CostRow["usage"]) => number} */ of) => rows.reduce((all, { usage }) => all + of(usage), 0);
  const known = rows.filter(({ usage }) => usage.costUsd !== null);
  const cost = known.length === 0 ? null : sum(({ costUsd }) => costUsd ?? 0);
  return [count(sum(({ inputTokens }) => inputTokens)), count(sum(({ cachedTokens }) => cachedTokens)), count(sum(({ outputTokens }) => outputTokens)), `${cost !== null && known.length < rows.length ? "at least " : ""}${money(cost)}`];
}

/** Money where it is known, else tokens: only to compare. @param {readonly CostRow[]} rows */
function weight(rows) {
  return rows.reduce((sum, { usage }) => sum + (usage.costUsd || tokens(usage) / 1e6), 0);
}
