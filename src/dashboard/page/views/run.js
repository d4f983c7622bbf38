import { fill, h } from "../lib/dom.js";
import { get, seg } from "../lib/api.js";
import { setPageKeys } from "../lib/keys.js";
import { live } from "../lib/live.js";
import { banner, failed } from "./parts.js";
import { actionButtons, RUN_KEYS } from "./run-actions.js";
import { budgetBars } from "./run-budgets.js";
import { aboutRun } from "./run-about.js";
import { runHead, runResult } from "./run-head.js";
import { timelineStrip } from "./timeline.js";
import { TurnList } from "./turns.js";

/**
 * @typedef {import("../../wire.js").RunDetail} RunDetail
 * @typedef {import("../../wire.js").VariableRow} VariableRow
 */

/**
 * @param {import("../main.js").Context} context
 * @param {readonly string[]} params
 */
export function runView(context, [id = ""]) {
  const { root, leaving, setLink, setQuery, mayAct, go } = context;
  const head = h("div", { class: "run-head" });
  const actions = h("div", { class: "actions", role: "group", "aria-label": "Actions" });
  const warning = h("div");
  const budgets = h("div", { class: "budgets" });
  const strip = h("div");
  const result = h("div");
  const about = h("aside", { class: "about", "aria-label": "About the run" });
  const trouble = h("div");
  /** @type {RunDetail | null} */
  let run = null;
  let drawn = "";
  /** @type {readonly VariableRow[]} */
  let variables = [];
  const turns = new TurnList(id, { setQuery, leaving, onFork: mayAct ? (turn) => RUN_KEYS.fork.ask(id, run, go, turn) : null });
  fill(root, head, actions, warning, trouble, budgets, strip, h("div", { class: "run-body" }, h("div", { class: "run-main" }, result, turns.element), about));

  const draw = () => {
    if (run === null) return;
    fill(trouble);
    fill(head, runHead(run));
    // Between two of these the buttons are the same, and stay: one of them may have the focus.
    const state = `${run.status} ${run.turns}`;
    if (state !== drawn) fill(actions, mayAct && actionButtons(run, go));
    drawn = state;
    fill(warning, banner(run.warning));
    fill(budgets, budgetBars(run));
    fill(strip, timelineStrip(run, (turn) => turns.show(turn)));
    fill(result, runResult(run));
    fill(about, aboutRun(run, variables));
  };
  const take = (/** @type {RunDetail} */ next) => {
    const first = run === null;
    if (first || (variables.length === 0 && next.turns > 0)) void get(`/runs/${seg(id)}/variables`).then((/** @type {VariableRow[]} */ rows) => { variables = rows; draw(); }, () => undefined);
    run = next;
    draw();
    void turns.update(next, first);
  };
  const end = live(`/runs/${seg(id)}`, {
    on: { run: take },
    onLink: setLink,
    onFailed: (message) => { if (run === null) fill(trouble, failed(new Error(message))); else fill(warning, banner(message)); },
  });
  // Clocks and bars of an open run go on between events.
  const tick = setInterval(() => { if (run?.open === true && !document.hidden) { fill(budgets, budgetBars(run)); fill(strip, timelineStrip(run, (turn) => turns.show(turn))); } }, 1000);
  leaving.addEventListener("abort", () => { end(); clearInterval(tick); });

  const act = (/** @type {keyof typeof RUN_KEYS} */ name) => () => { if (mayAct && run !== null) RUN_KEYS[name].ask(id, run, go); };
  setPageKeys([
    { keys: "j", does: "next turn", run: () => turns.move(1) },
    { keys: "k", does: "turn before", run: () => turns.move(-1) },
    { keys: "Enter", does: "open or close the turn", run: () => turns.toggleCurrent() },
    ...(mayAct ? [
      { keys: "p", does: "pause or resume", run: () => (run?.status === "paused" ? act("resume")() : act("pause")()) },
      { keys: "s", does: "send the model a message", run: act("steer") },
      { keys: "b", does: "change limits", run: act("budget") },
      { keys: "f", does: "fork from the turn", run: () => RUN_KEYS.fork.ask(id, run, go, turns.current) },
      { keys: "c", does: "cancel", run: act("cancel") },
    ] : []),
    { keys: "u", does: "back to the list", run: () => go("/") },
  ]);
}
