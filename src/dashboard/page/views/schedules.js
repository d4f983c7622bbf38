import { post, seg } from "../lib/api.js";
import { askFor } from "../lib/dialog.js";
import { fill, h } from "../lib/dom.js";
import { instant } from "../lib/format.js";
import { refresh } from "../lib/refresh.js";
import { toast, toastError } from "../lib/toast.js";
import { empty, failed, runLink, statusMark, time } from "./parts.js";

/** @typedef {import("../../wire.js").ScheduleRow} ScheduleRow */

/** @param {import("../main.js").Context} context */
export function schedulesView({ root, leaving, mayAct }) {
  const list = h("div");
  fill(root, h("h1", {}, "Schedules"), list);
  const look = refresh("/schedules", leaving, {
    take: (/** @type {ScheduleRow[]} */ schedules) => fill(list, schedules.length === 0 ? empty("No schedules", "Nothing starts by itself here.") : schedules.map((each) => card(each, mayAct ? act : null))),
    fail: (error) => fill(list, failed(error)),
  });
  /**
   * @param {string} id
   * @param {object} body
   */
  const act = async (id, body) => {
    const { message } = await post(`/schedules/${seg(id)}/actions`, body);
    // The server's list of schedules is a moment behind.
    setTimeout(look, 1000);
    return /** @type {string} */ (message);
  };
}

/**
 * @param {ScheduleRow} schedule
 * @param {((id: string, body: object) => Promise<string>) | null} act
 */
function card({ scheduleId: id, when, timeZone, paused, note, nextAtMs, recent }, act) {
  return h("section", { class: "card", "aria-label": `Schedule ${id}` },
    h("header", {}, h("h2", { class: "mono" }, id), h("span", { class: `status s-${paused ? "paused" : "running"}` }, h("i", { "aria-hidden": "true" }), paused ? "paused" : "active"), note !== null && h("span", { class: "dim" }, note),
      h("span", { class: "grow" }), act !== null && buttons(id, paused, act)),
    h("p", {}, h("b", { class: "mono" }, when), timeZone !== null && h("span", { class: "dim" }, ` ${timeZone}`)),
    h("div", { class: "halves" },
      h("div", {}, h("h3", {}, "Next"), nextAtMs.length === 0 ? h("p", { class: "dim" }, "none") : h("ul", { class: "plain" }, nextAtMs.slice(0, 5).map((atMs) => h("li", {}, time(atMs), h("span", { class: "dim" }, instant(atMs)))))),
      h("div", {}, h("h3", {}, "Last"), recent.length === 0 ? h("p", { class: "dim" }, "none yet") : h("ul", { class: "plain" }, recent.slice(0, 5).map(last)))));
}

/** @param {import("../../wire.js").ScheduledWindow} window */
function last({ workflowId, scheduledAtMs, status, reason }) {
  return h("li", {}, status === null ? null : statusMark(status), workflowId === null ? h("span", { class: "dim" }, reason ?? (status === "running" ? "reading its sources" : "no run was started")) : runLink(workflowId), h("span", { class: "dim" }, `for ${instant(scheduledAtMs)}`));
}

/**
 * @param {string} id
 * @param {boolean} paused
 * @param {(id: string, body: object) => Promise<string>} act
 */
function buttons(id, paused, act) {
  const now = (/** @type {string} */ action) => () => void act(id, { action }).then((message) => toast(message), toastError);
  const pause = () => askFor({
    title: `Pause ${id}`, fields: [{ name: "why", label: "Why", hint: "Shown beside the schedule. May be empty." }], action: "Pause",
    submit: ({ why }) => act(id, { action: "pause", ...(why && { why }) }),
  });
  const backfill = () => askFor({
    title: `Backfill ${id}`, text: "Starts the runs that should have started in a span of time, one after another.",
    fields: [{ name: "from", label: "From", hint: "2026-01-31T00:00Z", required: true }, { name: "to", label: "To", hint: "2026-02-01T00:00Z", required: true }], action: "Backfill",
    submit: ({ from = "", to = "" }) => {
      const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
      if (Number.isNaN(fromMs) || Number.isNaN(toMs)) throw new Error("Write both instants like 2026-01-31T00:00Z.");
      return act(id, { action: "backfill", fromMs, toMs });
    },
  });
  return [h("button", { onclick: now("trigger") }, "Run now"), paused ? h("button", { class: "primary", onclick: now("resume") }, "Resume") : h("button", { onclick: pause }, "Pause…"), h("button", { onclick: backfill }, "Backfill…")];
}
