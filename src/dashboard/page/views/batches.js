import { fill, h } from "../lib/dom.js";
import { count, money, plural } from "../lib/format.js";
import { refresh } from "../lib/refresh.js";
import { empty, failed, runLink, time } from "./parts.js";

/** @typedef {import("../../wire.js").BatchRow} BatchRow */

const ORDER = ["answered", "degraded", "running", "paused", "blocked", "failed", "cancelled"];

/** @param {import("../main.js").Context} context */
export function batchesView({ root, leaving }) {
  const list = h("div");
  fill(root, h("h1", {}, "Batches"), h("p", { class: "lead" }, "Rows that have begun. The same ", h("code", {}, "rlm batch run"), " command again does what is missing and what failed."), list);
  refresh("/batches", leaving, {
    take: (/** @type {BatchRow[]} */ batches) => fill(list, batches.length === 0 ? empty("No batches", "Start one with ", h("code", {}, "rlm batch run rows.jsonl"), ".") : batches.map(batchCard)),
    fail: (error) => fill(list, failed(error)),
  });
}

/** @param {BatchRow} batch */
function batchCard({ batch, rows, counts, startedAtMs, costUsd, failed: bad }) {
  const bar = h("div", { class: "stack", role: "img", "aria-label": ORDER.filter((status) => counts[status]).map((status) => `${counts[status] ?? 0} ${status}`).join(", ") });
  for (const status of ORDER) {
    if (!counts[status]) continue;
    const part = h("i", { class: `b-${status}`, title: `${counts[status]} ${status}` });
    part.style.width = `${(counts[status] / rows) * 100}%`;
    bar.append(part);
  }
  const to = (/** @type {string} */ status) => `/?batch=${encodeURIComponent(batch)}&status=${status}`;
  return h("section", { class: "card" },
    h("header", {}, h("h2", { class: "mono" }, h("a", { href: `/?batch=${encodeURIComponent(batch)}` }, batch)), h("span", { class: "grow" }), h("span", {}, plural(rows, "row")), costUsd !== null && h("span", {}, money(costUsd)), h("span", { class: "dim" }, "since ", time(startedAtMs))),
    bar,
    h("p", { class: "facts" }, ORDER.filter((status) => counts[status]).map((status) => h("a", { href: to(status) }, `${count(counts[status])} ${status}`))),
    bad.length > 0 && h("details", {}, h("summary", {}, `Failed rows (${bad.length})`), h("ul", { class: "plain" }, bad.map(({ workflowId, reason }) => h("li", {}, runLink(workflowId), h("span", { class: "dim clip" }, reason ?? ""))))));
}
