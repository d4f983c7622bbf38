import { h } from "../lib/dom.js";
import { count, duration, plural, size } from "../lib/format.js";
import { runLink, time } from "./parts.js";

/**
 * @param {import("../../wire.js").RunDetail} run
 * @param {readonly import("../../wire.js").VariableRow[]} variables
 */
export function aboutRun({ inputs, models, limits, notes, instructions, openChildren, rebuilds }, variables) {
  const told = new Map(variables.map((variable) => [variable.name, variable]));
  return [
    openChildren.length > 0 && section("Children under way", h("ul", { class: "plain" }, openChildren.map((id) => h("li", {}, runLink(id))))),
    inputs.length > 0 && section("Inputs", inputs.map(({ name, kind, bytes }) => {
      const variable = told.get(name);
      return h("details", {}, h("summary", {}, h("b", { class: "mono" }, name), ` ${variable?.type ?? kind}, ${variable?.length === undefined || variable.length === null ? size(bytes) : `${count(variable.length)} long, ${size(bytes)}`}`), variable !== undefined && h("pre", { class: "preview", tabindex: "0", "aria-label": `Preview of ${name}` }, variable.preview));
    })),
    instructions !== null && section("Instructions", h("p", { class: "text" }, instructions)),
    notes.length > 0 && section("Operators", h("ul", { class: "plain notes" }, notes.map(({ atMs, what, by, why, text }) =>
      h("li", {}, h("b", {}, by), ` ${what} `, time(atMs), why !== null && h("span", { class: "dim" }, ` – ${why}`), text !== null && h("blockquote", {}, text))))),
    models !== null && section("Models", h("dl", { class: "facts-list" }, pair("root", models.root), pair("sub-calls", models.sub), models.allowed.length > 0 && pair("allowed", models.allowed.join(", ")))),
    limits !== null && section("Limits", h("dl", { class: "facts-list" },
      pair("turns", count(limits.maxIterations)), pair("sub-calls", count(limits.maxLlmCalls)), pair("tokens", limits.maxTokens === null ? "none" : count(limits.maxTokens)),
      pair("money", limits.budgetUsd === null ? "none" : `$${limits.budgetUsd}`), pair("time", limits.timeoutMs === null ? "none" : duration(limits.timeoutMs)),
      pair("cell", duration(limits.cellTimeoutMs)), pair("memory", size(limits.memoryLimitBytes)), pair("at once", count(limits.maxConcurrency)), pair("at a limit", limits.onLimit === "wait" ? "wait for a person" : "extract"))),
    rebuilds !== null && rebuilds > 0 && section("Sandbox", h("p", {}, `Rebuilt ${plural(rebuilds, "time")} after it was lost.`)),
  ].flat();
}

/**
 * @param {string} title
 * @param {...(import("../lib/dom.js").Child | readonly import("../lib/dom.js").Child[])} children
 */
function section(title, ...children) {
  return h("section", {}, h("h2", {}, title), children.flat());
}

/**
 * @param {string} name
 * @param {string} value
 */
function pair(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}
