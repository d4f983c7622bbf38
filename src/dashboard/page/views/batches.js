import { post, seg } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { count, money, plural } from "../lib/format.js";
import { refresh } from "../lib/refresh.js";
import { toast, toastError } from "../lib/toast.js";
import { empty, failed, runLink, time } from "./parts.js";

/** @typedef {import("../../wire.js").BatchRow} BatchRow */

const ORDER = ["answered", "degraded", "running", "paused", "blocked", "failed", "cancelled"];

/** @param {import("../main.js").Context} context */
export function batchesView({ root, leaving, mayAct }) {
  const list = h("div");
  fill(root, h("h1", {}, "Batches"), h("p", { class: "lead" }, "Rows that have begun. The same ", h("code", {}, "rlm batch run"), " command again does what is missing."), list);
  refresh("/batches", leaving, {
    take: (/** @type {BatchRow[]} */ batches) => fill(list, batches.length === 0 ? empty("No batches", "Start one with ", h("code", {}, "rlm batch run rows.jsonl"), ".") : batches.map((each) => batchCard(each, mayAct))),
    fail: (error) => fill(list, failed(error)),
  });
}

/**
 * @param {BatchRow} batch
 * @param {boolean} mayAct
 */
function batchCard({ batch, rows, total, counts, startedAtMs, costUsd, failed: bad }, mayAct) {
  const bar = h("div", { class: "stack", role: "img", "aria-label": ORDER.filter((status) => counts[status]).map((status) => `${counts[status] ?? 0} ${status}`).join(", ") });
  for (const status of ORDER) {
    if (!counts[status]) continue;
    const part = h("i", { class: `b-${status}`, title: `${counts[status]} ${status}` });
    part.style.width = `${(counts[status] / Math.max(rows, total ?? 0)) * 100}%`;
    bar.append(part);
  }
  const to = (/** @type {string} */ status) => `/?batch=${encodeURIComponent(batch)}&status=${status}`;
  return h("section", { class: "card" },
    h("header", {}, h("h2", { class: "mono" }, h("a", { href: `/?batch=${encodeURIComponent(batch)}` }, batch)), h("span", { class: "grow" }), h("span", {}, total === null ? plural(rows, "row") : `${count(rows)} of ${plural(total, "row")} begun`), costUsd !== null && h("span", {}, money(costUsd)), h("span", { class: "dim" }, "since ", time(startedAtMs)), mayAct && (counts["failed"] ?? 0) > 0 && h("button", { onclick: () => void post(`/batches/${seg(batch)}/actions`, { action: "retry-failed" }).then(({ message }) => toast(message), toastError) }, "Retry failed")),
    bar,
    h("p", { class: "facts" }, ORDER.filter((status) => counts[status]).map((status) => h("a", { href: to(status) }, `${count(counts[status])} ${status}`))),
    bad.length > 0 && h("details", {}, h("summary", {}, `Failed rows (${bad.length})`), h("ul", { class: "plain" }, bad.map(({ workflowId, reason }) => h("li", {}, runLink(workflowId), h("span", { class: "dim clip" }, reason ?? ""))))));
}
