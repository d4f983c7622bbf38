import { get, seg } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { count, duration, money, plural } from "../lib/format.js";
import { toastError } from "../lib/toast.js";
import { runLink } from "./parts.js";

/**
 * One call, whole: what was asked, what came back, what it took. A child run shows its turns.
 * @param {string} id of the run
 * @param {number} turn
 * @param {number} index
 * @param {import("./turn-card.js").TurnOptions} options
 */
export async function showCall(id, turn, index, { leaving, childTurns }) {
  if (document.querySelector("dialog[open]") !== null) return;
  const body = h("div", { class: "call-body" });
  const dialog = h("dialog", { class: "wide-dialog", "aria-label": `Call ${index + 1} of turn ${turn}`, onclose: () => { dialog.remove(); if (!leaving.aborted) remember(null, turn); } }, body);
  let at = index;
  const step = (/** @type {number} */ by) => { at = Math.max(0, at + by); void draw(); };
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
  });
  const draw = async () => {
    try {
      /** @type {import("../../wire.js").CallDetail} */
      const call = await get(`/runs/${seg(id)}/turns/${turn}/calls/${at}`);
      if (leaving.aborted) return dialog.close();
      remember(at, turn);
      fill(body, callText(call, turn), h("div", { class: "buttons" }, h("button", { disabled: at === 0, onclick: () => step(-1) }, "‹ Before"), h("button", { onclick: () => step(1) }, "Next ›"), h("span", { class: "grow" }), h("button", { class: "primary", onclick: () => dialog.close() }, "Close")));
      if (call.child !== null) body.insertBefore(childTurns(call.child), body.lastElementChild);
      if (!dialog.open) {
        document.body.append(dialog);
        dialog.showModal();
      }
      const close = body.querySelector(".primary");
      if (close instanceof HTMLElement) close.focus();
    } catch (error) {
      if (dialog.open) at = Math.max(0, at - 1);
      else toastError(error);
    }
  };
  await draw();
}

/**
 * @param {import("../../wire.js").CallDetail} call
 * @param {number} turn
 */
function callText({ index, kind, name, prompt, reply, error, usage, ms, retries, child, cut }, turn) {
  const facts = [kind === "tool" ? `tool ${name ?? ""}` : kind === "rlm" ? "child run" : (name ?? "model"), `${count(usage.inputTokens)} tokens in (${count(usage.cachedTokens)} cached), ${count(usage.outputTokens)} out`, money(usage.costUsd), duration(ms)];
  return [
    h("h2", {}, `Call ${index + 1} of turn ${turn}`), h("p", { class: "facts" }, facts.map((fact) => h("span", {}, fact)), child !== null && runLink(child)),
    retries.count > 0 && h("p", { class: "retry" }, `${plural(retries.count, "try", "tries")} before failed. The last: ${retries.lastError ?? "it ended without a word, with its worker."}`),
    h("h3", {}, kind === "tool" ? "Arguments" : kind === "rlm" ? "Task" : "Prompt"), h("pre", { class: "output", tabindex: "0", "aria-label": "Prompt" }, prompt),
    h("h3", {}, "Answer"),
    error !== null ? h("pre", { class: "output error", tabindex: "0", "aria-label": "Error" }, `${error.kind}: ${error.message}`) : reply === null ? h("p", { class: "dim" }, "Not answered yet.") : h("pre", { class: "output", tabindex: "0", "aria-label": "Answer" }, reply),
    cut && h("p", { class: "dim" }, "Cut here: `rlm trajectory --json` prints all of it."),
  ].flat();
}

/**
 * @param {number | null} call
 * @param {number} turn
 */
function remember(call, turn) {
  const query = new URLSearchParams(location.search);
  if (call === null) query.delete("call");
  else {
    query.set("turn", String(turn));
    query.set("call", String(call));
  }
  history.replaceState(history.state, "", `${location.pathname}${query.size > 0 ? `?${query}` : ""}`);
}
