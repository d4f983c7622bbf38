import { post } from "../lib/api.js";
import { fieldRow } from "../lib/dialog.js";
import { fill, h } from "../lib/dom.js";
import { toast } from "../lib/toast.js";
import { runPath } from "./parts.js";

const LIMITS = /** @type {const} */ ([
  ["maxIterations", "Turns", "10"], ["maxLlmCalls", "Sub-calls", "50"], ["maxTokens", "Tokens", "none"], ["budgetUsd", "Money (USD)", "none"], ["timeout", "Time", "none, or 10m"], ["maxConcurrency", "Calls at once", "64"],
]);

/** @param {import("../main.js").Context} context */
export function newRunView({ root, go, me, mayAct }) {
  const inputs = h("div", { class: "inputs" });
  const problem = h("p", { class: "problem", role: "alert" });
  const submit = h("button", { type: "submit", class: "primary", disabled: !mayAct }, "Start");
  const signature = fieldRow({ name: "signature", label: "Signature", required: true, hint: "Inputs, an arrow, outputs; types are optional: logs, question -> answer: str" });
  const form = h("form", { class: "card form", onsubmit: async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    problem.textContent = "";
    submit.disabled = true;
    try {
      const { workflowId, message } = await post("/runs", readForm(form, inputs));
      toast(message);
      go(runPath(workflowId));
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
      submit.disabled = false;
    }
  } },
    signature,
    fieldRow({ name: "instructions", label: "Instructions", kind: "area", hint: "What else the model should know. May be empty." }),
    h("fieldset", {}, h("legend", {}, "Inputs"), h("p", { class: "hint" }, "Those that the signature names appear here."), inputs, h("button", { type: "button", onclick: () => inputs.append(inputRow("")) }, "Add an input")),
    h("div", { class: "columns" },
      fieldRow({ name: "model", label: "Root model", hint: me.models.root === null ? "Needed: the settings name none." : `Empty: ${me.models.root}` }),
      fieldRow({ name: "subModel", label: "Model of sub-calls", hint: me.models.sub === null ? "Empty: the root model." : `Empty: ${me.models.sub}` }),
      fieldRow({ name: "id", label: "Id of the run", hint: "Empty: a new one. The same id again finds the same run." })),
    h("details", {}, h("summary", {}, "Limits"), h("div", { class: "columns" }, LIMITS.map(([name, label, usual]) => fieldRow({ name, label, hint: `Empty: as configured, usually ${usual}` })))),
    problem, h("div", { class: "buttons" }, submit));
  const field = /** @type {HTMLInputElement} */ (signature.querySelector("input"));
  field.addEventListener("change", () => {
    const wanted = field.value.split("->", 1)[0]?.split(",").map((each) => each.split(":", 1)[0]?.trim() ?? "").filter((name) => /^\w+$/.test(name)) ?? [];
    const there = [...inputs.querySelectorAll("input[name=input-name]")].map((each) => /** @type {HTMLInputElement} */ (each).value);
    for (const name of wanted) if (!there.includes(name)) inputs.append(inputRow(name));
  });
  fill(root, h("h1", {}, "New run"), !mayAct && h("p", { class: "banner" }, "This link may look and not act."), form);
}

/** @param {string} name */
function inputRow(name) {
  const text = h("textarea", { name: "input-text", rows: 3, "aria-label": "Value", placeholder: "text" });
  const file = h("input", { type: "file", "aria-label": "Take the text of a file", onchange: async () => { text.value = (await file.files?.[0]?.text()) ?? text.value; } });
  const row = h("div", { class: "input" },
    h("input", { name: "input-name", value: name, "aria-label": "Name", placeholder: "name", autocomplete: "off" }), text,
    h("div", { class: "side" }, h("label", {}, h("input", { type: "checkbox", name: "input-json" }), " JSON"), file, h("button", { type: "button", class: "quiet", onclick: () => row.remove() }, "Remove")));
  return row;
}

/**
 * @param {HTMLFormElement} form
 * @param {Element} rows
 */
function readForm(form, rows) {
  const data = new FormData(form);
  const text = (/** @type {string} */ name) => {
    const value = data.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  const given = (/** @type {string} */ name) => (text(name) === "" ? {} : { [name]: text(name) });
  const inputs = [...rows.children].map((row) => ({
    name: /** @type {HTMLInputElement} */ (row.querySelector("[name=input-name]")).value.trim(),
    text: /** @type {HTMLTextAreaElement} */ (row.querySelector("[name=input-text]")).value,
    json: /** @type {HTMLInputElement} */ (row.querySelector("[name=input-json]")).checked,
  }));
  return { signature: text("signature"), inputs, ...given("instructions"), ...given("model"), ...given("subModel"), ...given("id"), limits: Object.assign({}, ...LIMITS.map(([name]) => given(name))) };
}
