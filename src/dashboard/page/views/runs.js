import { fill, h, keyed } from "../lib/dom.js";
import { plural } from "../lib/format.js";
import { setPageKeys } from "../lib/keys.js";
import { live } from "../lib/live.js";
import { banner, empty, runPath } from "./parts.js";
import { BulkBar } from "./runs-bulk.js";
import { COLUMNS, runRow } from "./runs-row.js";

/** @typedef {import("../../wire.js").RunListPage} RunListPage */

const STATUSES = ["running", "paused", "blocked", "answered", "degraded", "failed", "cancelled"];
const SORTS = { started: "newest first", duration: "longest", calls: "most calls", cost: "most expensive" };

/** @param {import("../main.js").Context} context */
export function runsView(context) {
  const { root, setLink, setQuery, go, leaving, mayAct } = context;
  const query = new URLSearchParams(location.search);
  /** @type {RunListPage | null} */
  let page = null;
  let at = 0;
  /** @type {() => void} */
  let endLive = () => undefined;
  leaving.addEventListener("abort", () => endLive());

  const search = h("input", { type: "search", placeholder: "id, signature or reason", "aria-label": "Search runs", value: query.get("q") ?? "", oninput: () => set({ q: search.value, page: "" }) });
  const sort = h("select", { "aria-label": "Order", onchange: () => set({ sort: sort.value === "started" ? "" : sort.value, page: "" }) },
    Object.entries(SORTS).map(([value, name]) => h("option", { value, selected: value === (query.get("sort") ?? "started") }, name)));
  const all = h("input", { type: "checkbox", "aria-label": "Select all runs shown", onchange: () => bulk.pickAll(page?.runs.map(({ workflowId }) => workflowId) ?? [], all.checked) });
  const within = h("div", { class: "chips" });
  const chips = h("div", { class: "chips", role: "group", "aria-label": "Status" });
  const warning = h("div");
  const rows = h("tbody");
  const table = h("table", { class: "runs" }, h("caption", { class: "away" }, "Runs"),
    h("thead", {}, h("tr", {}, mayAct ? h("th", { class: "pick" }, all) : false, COLUMNS.map(([name, kind]) => h("th", { class: kind, scope: "col" }, name)))), rows);
  const nothing = h("div");
  const pager = h("div", { class: "pager" });
  const bulk = new BulkBar(() => drawRows());
  fill(root, h("h1", { class: "away" }, "Runs"), h("div", { class: "filters" }, search, within, chips, h("span", { class: "grow" }), sort), warning, bulk.element, h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of runs" }, table), nothing, pager);

  /** @param {Record<string, string>} changes */
  function set(changes) {
    for (const [name, value] of Object.entries(changes)) {
      if (value === "") query.delete(name);
      else query.set(name, value);
    }
    setQuery(query);
    follow();
  }

  function follow() {
    endLive();
    endLive = live(`/runs?${query}`, { on: { list: (/** @type {RunListPage} */ list) => { page = list; draw(); } }, onLink: setLink, onFailed: (message) => fill(warning, banner(message)) });
  }

  function draw() {
    if (page === null) return;
    const { total, counts, pages, warning: told, page: shown, runs } = page;
    fill(warning, banner(told));
    const chosen = (query.get("status") ?? "").split(",").filter((each) => each !== "");
    const toggle = (/** @type {string} */ status) => set({ status: (chosen.includes(status) ? chosen.filter((each) => each !== status) : [...chosen, status]).join(","), page: "" });
    keyed(chips, STATUSES.filter((status) => (counts[status] ?? 0) > 0 || chosen.includes(status)).map((status) => ({ status, n: counts[status] ?? 0, on: chosen.includes(status), chosen })), {
      key: ({ status }) => status,
      make: ({ status, n, on }) => h("button", { class: `chip s-${status}`, "aria-pressed": String(on), onclick: () => toggle(status) }, h("i", { "aria-hidden": "true" }), status, h("b", {}, n.toLocaleString("en"))),
    });
    keyed(within, ["job", "batch"].flatMap((name) => { const value = query.get(name); return value === null ? [] : [{ name, value }]; }), {
      key: ({ name }) => name,
      make: ({ name, value }) => h("button", { class: "chip clip", "aria-pressed": "true", title: "Show the others, too", onclick: () => set({ [name]: "", page: "" }) }, `${name} `, h("b", {}, value), " ×"),
    });
    drawRows();
    table.hidden = runs.length === 0;
    const filtered = ["q", "status", "job", "batch"].some((name) => query.has(name));
    fill(nothing, runs.length === 0 && (filtered ? empty("No run matches", h("button", { onclick: () => { search.value = ""; set({ q: "", status: "", job: "", batch: "", page: "" }); } }, "Clear the filters"))
      : empty("No runs yet", "Start one ", h("a", { href: "/new" }, "from the form"), ", or with ", h("code", {}, "rlm run"), ".")));
    const turnTo = (/** @type {number} */ to) => set({ page: to <= 1 ? "" : String(to) });
    fill(pager, runs.length > 0 && h("span", { class: "dim" }, plural(total, "run")), pages > 1 && [
      h("button", { disabled: shown <= 1, onclick: () => turnTo(shown - 1) }, "‹ Newer"),
      h("span", {}, `page ${shown} of ${pages}`),
      h("button", { disabled: shown >= pages, onclick: () => turnTo(shown + 1) }, "Older ›"),
    ].flat());
  }

  function drawRows() {
    if (page === null) return;
    at = Math.min(at, Math.max(0, page.runs.length - 1));
    // Durations of open runs go on: once in a while is enough for a list.
    const tick = Math.floor(Date.now() / 10_000);
    keyed(rows, page.runs.map((run) => ({ run, picked: bulk.has(run.workflowId), tick: run.closedAtMs === null ? tick : 0 })), {
      key: ({ run }) => run.workflowId,
      make: ({ run, picked }) => runRow(run, mayAct ? { picked, onPick: (on) => bulk.pick(run.workflowId, on) } : null),
    });
    mark();
  }

  function mark() {
    all.checked = page !== null && page.runs.length > 0 && page.runs.every(({ workflowId }) => bulk.has(workflowId));
    for (const [i, row] of [...rows.children].entries()) row.classList.toggle("at", i === at);
  }

  /** @param {number} by */
  function move(by) {
    at = Math.max(0, Math.min((page?.runs.length ?? 1) - 1, at + by));
    mark();
    rows.children[at]?.scrollIntoView({ block: "nearest" });
  }

  const current = () => page?.runs[at];
  setPageKeys([
    { keys: "j", does: "next run", run: () => move(1) },
    { keys: "k", does: "run before", run: () => move(-1) },
    { keys: "Enter", does: "open the run", run: () => { const run = current(); if (run !== undefined) go(runPath(run.workflowId)); } },
    ...(mayAct ? [{ keys: "x", does: "select the run", run: () => { const run = current(); if (run !== undefined) bulk.pick(run.workflowId, !bulk.has(run.workflowId)); } }] : []),
    { keys: "/", does: "search", run: () => search.focus() },
    { keys: "[", does: "newer runs", run: () => { if (page !== null && page.page > 1) set({ page: String(page.page - 1) }); } },
    { keys: "]", does: "older runs", run: () => { if (page !== null && page.page < page.pages) set({ page: String(page.page + 1) }); } },
  ]);
  follow();
}
