import { h } from "./dom.js";
import { toast } from "./toast.js";

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} label
 * @property {"text" | "area" | "select"} [kind]
 * @property {string} [value]
 * @property {string} [hint]
 * @property {boolean} [required]
 * @property {readonly string[]} [options]
 */

let ids = 0;

/**
 * Asks for values and does something with them; stays open, with the reason, when that is refused.
 * @param {{ title: string, text?: string, fields: readonly Field[], action: string, danger?: boolean, submit: (values: Record<string, string>) => Promise<string | null> }} options
 *   `submit` gives what is to be told afterwards
 */
export function askFor({ title, text, fields, action, danger = false, submit }) {
  const problem = h("p", { class: "problem", role: "alert" });
  const go = h("button", { type: "submit", class: danger ? "danger" : "primary" }, action);
  const titleId = `dialog-${++ids}`;
  const form = h("form", { method: "dialog", onsubmit: async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    go.disabled = true;
    problem.textContent = "";
    try {
      const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, typeof value === "string" ? value : ""]));
      const told = await submit(values);
      dialog.close();
      if (told !== null) toast(told);
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
      go.disabled = false;
    }
  } },
    h("h2", { id: titleId }, title),
    text !== undefined && h("p", { class: "dim" }, text),
    fields.map(fieldRow), problem,
    h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => dialog.close() }, "Close"), go));
  const dialog = h("dialog", { "aria-labelledby": titleId, onclose: () => dialog.remove() }, form);
  document.body.append(dialog);
  dialog.showModal();
  const first = form.querySelector("textarea, input, select");
  if (first instanceof HTMLElement) first.focus();
}

/**
 * One labelled field of a form.
 * @param {Field} field
 */
export function fieldRow({ name, label, kind = "text", value = "", hint, required = false, options = [] }) {
  const id = `field-${++ids}`;
  const about = hint === undefined ? null : `${id}-hint`;
  const common = { id, name, required, "aria-describedby": about };
  const control = kind === "area" ? h("textarea", { ...common, rows: 4 }, value)
    : kind === "select" ? h("select", common, options.map((each) => h("option", { value: each, selected: each === value }, each === "" ? "(unchanged)" : each)))
    : h("input", { ...common, type: "text", value, autocomplete: "off", spellcheck: "false" });
  return h("div", { class: "field" }, h("label", { for: id }, label), control, hint !== undefined && h("p", { id: about, class: "hint" }, hint));
}
