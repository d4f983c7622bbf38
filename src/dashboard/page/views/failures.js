import { fill, h } from "../lib/dom.js";
import { plural } from "../lib/format.js";
import { refresh } from "../lib/refresh.js";
import { empty, failed, runLink, statusMark, time } from "./parts.js";

/** @param {import("../main.js").Context} context */
export function failuresView({ root, leaving }) {
  const list = h("div", { class: "groups" });
  fill(root, h("h1", {}, "Failures by cause"), h("p", { class: "lead" }, "Runs that failed, wait for a person, or gave less than was asked. Numbers and ids in a reason are left out to see what is the same."), list);
  refresh("/failures", leaving, {
    take: (/** @type {import("../../wire.js").FailureGroup[]} */ groups) => fill(list, groups.length === 0 ? empty("Nothing has failed", "No run is failed, blocked or degraded.") : groups.map(group)),
    fail: (error) => fill(list, failed(error)),
  });
}

/** @param {import("../../wire.js").FailureGroup} group */
function group({ cause, status, count, lastAtMs, examples }) {
  return h("section", { class: "card" },
    h("header", {}, statusMark(status), h("h2", {}, cause), h("span", { class: "grow" }), h("b", {}, plural(count, "run")), h("span", { class: "dim" }, "last ", time(lastAtMs))),
    h("ul", { class: "plain" }, examples.map(({ workflowId, reason }) => h("li", {}, runLink(workflowId), reason !== null && h("span", { class: "dim clip" }, reason)))),
    count > examples.length && h("p", { class: "dim" }, `and ${count - examples.length} more: `, h("a", { href: `/?status=${status}` }, `all ${status} runs`)));
}
