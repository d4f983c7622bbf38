import { h } from "../lib/dom.js";
import { ago, instant } from "../lib/format.js";

/** @param {string} status */
export function statusMark(status) {
  return h("span", { class: `status s-${status}` }, h("i", { "aria-hidden": "true" }), status);
}

/** @param {string} id */
export function runPath(id) {
  return `/runs/${encodeURIComponent(id)}`;
}

/** @param {string} id */
export function runLink(id) {
  return h("a", { href: runPath(id), class: "mono", title: id }, id);
}

/** @param {number} atMs */
export function time(atMs) {
  return h("time", { datetime: new Date(atMs).toISOString(), title: instant(atMs) }, ago(atMs));
}

/**
 * Something that is wrong and what to do, above a page.
 * @param {string | null} text
 */
export function banner(text) {
  return text === null ? null : h("p", { class: "banner", role: "status" }, text);
}

/**
 * @param {string} title
 * @param {...import("../lib/dom.js").Child} text
 */
export function empty(title, ...text) {
  return h("section", { class: "empty" }, h("h2", {}, title), h("p", {}, text));
}

/** @param {unknown} error */
export function failed(error) {
  return h("section", { class: "empty", role: "alert" }, h("h2", {}, "That did not work"), h("p", {}, error instanceof Error ? error.message : String(error)));
}
