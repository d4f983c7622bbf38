import { h } from "../lib/dom.js";
import { count, duration, money } from "../lib/format.js";
import { runLink, statusMark, time } from "./parts.js";

/** Name and class. */
export const COLUMNS = /** @type {const} */ ([["Status", ""], ["Run", ""], ["Signature", "wide"], ["Started", ""], ["Took", "num"], ["Turns", "num"], ["Calls", "num"], ["Tokens", "num"], ["Cost", "num"]]);

/**
 * @param {import("../../wire.js").RunRow} run
 * @param {{ picked: boolean, onPick: (on: boolean) => void } | null} pick `null`: one may only look
 */
export function runRow(run, pick) {
  const { workflowId, status, reason, signature, startedAtMs, closedAtMs, turns, llmCalls, tokens, costUsd, job } = run;
  const box = pick !== null && h("input", { type: "checkbox", "aria-label": `Select ${workflowId}`, checked: pick.picked, onchange: (/** @type {Event} */ event) => pick.onPick(/** @type {HTMLInputElement} */ (event.target).checked) });
  return h("tr", {},
    pick !== null && h("td", { class: "pick" }, box),
    h("td", {}, statusMark(status), reason !== null && h("span", { class: "reason", title: reason }, reason)),
    h("td", {}, runLink(workflowId), job !== null && h("a", { class: "pill", href: `/?job=${encodeURIComponent(job)}`, title: "All runs of this job" }, job)),
    h("td", { class: "wide dim", title: signature ?? "" }, signature ?? "–"),
    h("td", {}, time(startedAtMs)),
    h("td", { class: "num" }, duration((closedAtMs ?? Date.now()) - startedAtMs)),
    h("td", { class: "num" }, count(turns)),
    h("td", { class: "num" }, count(llmCalls)),
    h("td", { class: "num" }, count(tokens)),
    h("td", { class: "num" }, money(costUsd)));
}
